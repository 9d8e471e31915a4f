/* States, methods and reasons: one table of words for worker, parent and reports. Constants only. */
#include "fact/reason.h"

#include "base/mem.h"

static const char *const state_names[STATE_COUNT] = {
    [STATE_COMPLETE] = "complete",
    [STATE_PARTIAL] = "partial",
    [STATE_FAILED] = "failed",
    [STATE_UNSUPPORTED] = "unsupported",
    [STATE_REFUSED] = "refused",
    [STATE_NOT_ASKED] = "not-asked",
};

static const char *const method_names[METHOD_COUNT] = {
    [METHOD_PERSON] = "person",
    [METHOD_DOCUMENT] = "document",
    [METHOD_MEASURED] = "measured",
};

static const struct reason_info reasons[REASON_COUNT] = {
    [REASON_NONE] = { "none", "", "", STATE_COMPLETE, "" },

    [REASON_NO_ANSWER] = { "no-answer", "no answer",
        "Check that it is switched on and that its access list and the firewalls on the way let this computer through; SNMP stays silent too when the community is wrong.", STATE_FAILED,
        "The clinic's IT has it switched on and opened to us, or sends what it would have told as a file." },
    [REASON_CONNECTION_REFUSED] = { "connection-refused", "connection refused",
        "The host answers, the service does not: check the port in site.yaml, and whether the clinic has the service switched on.", STATE_FAILED,
        "The clinic's IT says whether the service is meant to run there, and switches it on if so." },
    [REASON_UNREACHABLE] = { "unreachable", "no route to it",
        "Check address and prefix in site.yaml, and whether this wall port or VPN has a route to that network.", STATE_FAILED,
        "The clinic's IT lets us reach that network, or names a wall port from which it can be seen." },
    [REASON_NAME_NOT_FOUND] = { "name-not-found", "its name is not in DNS",
        "Give its address in site.yaml, or use the clinic's DNS server.", STATE_FAILED,
        "The clinic's IT tells its address." },
    [REASON_CONNECTION_LOST] = { "connection-lost", "it ended the connection",
        "Run `preop check --resume`; if it happens again, ask the clinic what the service's log says at this time.", STATE_FAILED,
        "Our IT asks once more; if it ends again, the clinic's IT looks into that service's log." },
    [REASON_NO_VIEW_OF_CLINIC] = { "no-view-of-clinic", "this port cannot see the clinic",
        "This wall port cannot see the clinic at all: try another port or VLAN.", STATE_FAILED,
        "The clinic names a wall port from which its own network can be seen." },

    [REASON_WRONG_PASSWORD] = { "wrong-password", "wrong password",
        "Not tried again, so that no account is locked: correct the secret, then `preop check --retry-credential NAME`.", STATE_REFUSED,
        "The clinic's IT gives us a log-in that works; it was not tried again, so that no account is locked." },
    [REASON_KEY_REFUSED] = { "key-refused", "it does not take our key",
        "Ask the clinic to add the public key to this user's authorized_keys, or name another key in credentials.yaml.", STATE_REFUSED,
        "The clinic's IT lets our key in for a user who may only read." },
    [REASON_NO_AUTH_METHOD] = { "no-auth-method", "no common way to log in",
        "The host offers other ways to log in than the credential has: add a key or a password to it, whichever the host accepts.", STATE_REFUSED,
        "The clinic's IT gives us a log-in of a kind that this host accepts." },
    [REASON_UNKNOWN_USER] = { "unknown-user", "SNMPv3 user unknown",
        "The device does not know this SNMPv3 user: check the user in credentials.yaml, or ask for it to be created.", STATE_REFUSED,
        "The clinic's IT creates the reading user that was agreed." },
    [REASON_WRONG_DIGEST] = { "wrong-digest", "SNMPv3 wrong digest",
        "The device knows the user but not this secret or hash: check auth and auth_secret in credentials.yaml, then `preop check --retry-credential NAME`.", STATE_REFUSED,
        "The clinic's IT gives us the right secret for the reading user." },
    [REASON_DECRYPTION] = { "decryption-error", "SNMPv3 decryption failed",
        "User and digest are right, the encryption is not: check priv and priv_secret in credentials.yaml; for AES-192 and AES-256 try the other key method (-C).", STATE_REFUSED,
        "The clinic's IT gives us the right encryption secret for the reading user." },
    [REASON_ACCESS_DENIED] = { "access-denied", "logged in, but not allowed to read this",
        "Ask the clinic to give this account the right to read it (SNMP view, sudo rule, or directory permission).", STATE_REFUSED,
        "The clinic's IT gives our user the right to read it." },
    [REASON_NOT_IN_TIME_WINDOW] = { "not-in-time-window", "SNMPv3 clock mismatch",
        "The device counts its SNMPv3 boots or time wrongly: ask for its SNMP agent to be restarted, then check again.", STATE_REFUSED,
        "The clinic's IT restarts the monitoring service of the device, and our IT asks again." },
    [REASON_CREDENTIAL_ENDED] = { "credential-ended", "credential stopped after a refusal",
        "It was refused elsewhere and is not tried again, so that no account is locked: correct the secret, then `preop check --retry-credential NAME`.", STATE_NOT_ASKED,
        "The clinic's IT gives us a log-in that works; it was refused elsewhere and is not tried again, so that no account is locked." },
    [REASON_SECRET_UNAVAILABLE] = { "secret-unavailable", "its secret could not be read",
        "Check the env, file, command or systemd reference of this credential in credentials.yaml.", STATE_NOT_ASKED,
        "Our IT puts the secret of this log-in where it can be read." },
    [REASON_STRONGER_AUTH] = { "stronger-auth", "it demands encryption or a stronger login",
        "Use ldaps:// or ldap:// (StartTLS) for this target instead of ldap+plain://.", STATE_REFUSED,
        "Our IT asks again over an encrypted connection." },

    [REASON_HOST_KEY_CHANGED] = { "host-key-changed", "host key changed",
        "The host's key differs from the recorded one: ask the clinic whether the host was reinstalled, then `preop trust TARGET`; do not log in until you know why.", STATE_REFUSED,
        "The clinic's IT says whether the host was installed anew; until that is known, nobody logs in." },
    [REASON_HOST_KEY_UNKNOWN] = { "host-key-unknown", "host key unknown",
        "Compare its fingerprint with the clinic's, then `preop trust TARGET`; or `preop check --accept-new` to record unknown keys and report them as unseen.", STATE_REFUSED,
        "The clinic's IT confirms the host's fingerprint to our IT." },
    [REASON_HOST_KEY_REVOKED] = { "host-key-revoked", "host key revoked",
        "This key is marked @revoked in known_hosts: whoever answers has a key that was given up; ask the clinic before anything else.", STATE_REFUSED,
        "The clinic's IT explains why a host answers with a key that was given up." },
    [REASON_ONLY_RSA_HOST_KEY] = { "only-rsa-host-key", "its only host key is RSA",
        "This build's libssh2 cannot check an RSA key with SHA-2: ask for an Ed25519 host key (`ssh-keygen -A`), or build preop with libssh2 1.11.", STATE_FAILED,
        "The clinic's IT gives the host a modern key, or our IT reads it with a newer build." },
    [REASON_CERT_NOT_TRUSTED] = { "certificate-not-trusted", "certificate not trusted",
        "Put the clinic's CA certificate into the credential (tls: {ca: FILE}); if you have it already, its name or dates do not fit: see the detail.", STATE_REFUSED,
        "The clinic's IT gives us the certificate of its own authority, or mends the server's." },
    [REASON_NO_COMMON_ALGORITHM] = { "no-common-algorithm", "no common algorithm",
        "It offers only algorithms that are no longer safe: ask the clinic to update it, and count it as such.", STATE_FAILED,
        "The clinic's IT updates it: it offers only encryption that is no longer safe." },
    [REASON_NO_TLS] = { "no-tls", "no encryption offered",
        "It does not do TLS here: ask for a certificate on the server; ldap+plain:// reads it openly, if the clinic agrees.", STATE_REFUSED,
        "The clinic's IT puts a certificate on the server, or allows us to read it unencrypted." },

    [REASON_MALFORMED] = { "malformed", "its answer makes no sense",
        "It broke its protocol: check that the port belongs to the expected service; if so, report the device and its firmware to us.", STATE_FAILED,
        "Our IT finds out what answers there; it broke its protocol." },
    [REASON_EMPTY] = { "empty", "empty: view or access list?",
        "It answered with nothing where something must be: ask for a view or right that includes this table.", STATE_FAILED,
        "The clinic's IT gives our user the right to read this part." },
    [REASON_LIMIT] = { "limit", "more than preop takes",
        "Only the first part was kept: raise the limit for this target if the amount is real.", STATE_PARTIAL,
        "Our IT says whether the amount is real, and reads the rest." },
    [REASON_LOOP] = { "loop", "it repeats itself",
        "Its answers stopped moving forward, a known firmware fault: ask for an update; what came before is kept.", STATE_PARTIAL,
        "The clinic's IT updates the device; it repeats itself, a known fault of firmware." },
    [REASON_UNSUPPORTED] = { "unsupported", "it does not have this",
        "Nothing to do: it answered, and said that it does not have this table.", STATE_UNSUPPORTED,
        "Nothing is to be done: it answered that it does not have this." },
    [REASON_SIZE_LIMIT] = { "size-limit", "the server limits its answers",
        "The directory gives only a part and no pages: ask for an account without a size limit.", STATE_PARTIAL,
        "The clinic's IT gives us a directory account without a size limit." },
    [REASON_COMMAND_FAILED] = { "command-failed", "a command failed there",
        "See the detail; `preop explain --probe ssh` shows what is run.", STATE_FAILED,
        "Our IT looks at what failed there, with the clinic's IT." },

    [REASON_NOT_PERMITTED] = { "not-permitted", "not permitted",
        "No live authorization covers this address, method and hour: ask for one (`preop check --dry-run` prints the page to sign), or come back within the agreed hours.", STATE_NOT_ASKED,
        "The clinic signs a permission that covers it, or it is measured within the agreed hours." },
    [REASON_DO_NOT_TOUCH] = { "do-not-touch", "marked as not to be touched",
        "The authorization excludes it: ask the clinic for a file about it instead.", STATE_NOT_ASKED,
        "The clinic gives a file about it instead; the permission excludes it." },
    [REASON_NARROWED] = { "narrowed", "left out of this check",
        "Run `preop check` without the options that narrowed it.", STATE_NOT_ASKED,
        "Our IT measures it too; this time only a part was asked." },
    [REASON_NOT_WATCHED] = { "not-watched", "not watched in this check",
        "Run `preop check --sample 8h --every 60s` on a working day; `--sample 30s` shows what is wrong at the moment.", STATE_NOT_ASKED,
        "Our IT measures it on a working day, for at least eight clinic hours." },
    [REASON_OFFLINE] = { "offline", "offline: nothing was asked",
        "Run `preop check` without --offline where the clinic can be reached.", STATE_NOT_ASKED,
        "Our IT measures it at the clinic; this time only papers were read." },
    [REASON_NO_CREDENTIAL] = { "no-credential", "no credential for it",
        "Name a credential for this target in site.yaml, and describe it in credentials.yaml.", STATE_NOT_ASKED,
        "The clinic's IT gives us a log-in for it that may only read." },

    [REASON_NOT_ANSWERED] = { "not-answered", "nobody has answered this",
        "Ask, and write it down with `preop attest`.", STATE_NOT_ASKED,
        "Somebody at the clinic answers it." },
    [REASON_ANSWER_EXPIRED] = { "answer-expired", "the answer is too old",
        "Ask again, and write it down with `preop attest`.", STATE_NOT_ASKED,
        "Somebody at the clinic answers it anew." },

    [REASON_FILE_CHANGED] = { "file-changed", "the file is not the one that was added",
        "Its hash differs from the recorded one: restore the file, or add the new one with `preop evidence add`.", STATE_FAILED,
        "Who gave the file confirms which one counts; it is not the one that was received." },
    [REASON_FILE_MISSING] = { "file-missing", "the file is missing",
        "Put it back into the site's evidence folder, or add it again with `preop evidence add`.", STATE_FAILED,
        "Our IT puts the file back, or asks for it again." },
    [REASON_NO_MAPPING] = { "no-mapping", "no mapping for this file",
        "Name an existing mapping (`as:` in site.yaml), or write one: checklists/data/mappings/ has samples.", STATE_NOT_ASKED,
        "Our IT says what the columns of this file mean." },
    [REASON_BAD_FILE] = { "bad-file", "the file cannot be read as said",
        "See the detail: the file and its mapping do not fit; export it again or correct the mapping.", STATE_FAILED,
        "Who gave the file exports it again; it could not be read." },
    [REASON_NOT_IN_FILE] = { "not-in-file", "the file does not have it",
        "Ask for a file with everything (`snmpbulkwalk -On ... .1` to its end), or for permission to read it over SNMP.", STATE_NOT_ASKED,
        "The clinic's IT gives a fuller file, or lets us read it ourselves." },

    [REASON_TIMEOUT] = { "timeout", "out of time",
        "It answered, but not within its deadline: run `preop check --resume`, or give the target a longer timeout.", STATE_PARTIAL,
        "Our IT asks once more, with more time." },
    [REASON_CRASHED] = { "crashed", "the reader crashed",
        "Only this reading was lost; it is not repeated by itself: report the target and its software to us.", STATE_FAILED,
        "Our IT reports it to the makers of this program; only this reading was lost." },
    [REASON_INTERRUPTED] = { "interrupted", "interrupted",
        "Run `preop check --resume` to go on with the rest.", STATE_NOT_ASKED,
        "Our IT goes on with the rest of this check." },
    [REASON_INTERNAL] = { "internal", "a fault of preop",
        "Run it again with -v and report what it prints to us.", STATE_FAILED,
        "Our IT reports it to the makers of this program." },
    [REASON_SANDBOX] = { "sandbox", "the sandbox is incomplete",
        "This kernel lacks a layer of the sandbox: use a newer one, or leave out --require-sandbox.", STATE_NOT_ASKED,
        "Our IT runs the check on a newer system." },
};

const char *state_name(enum state s)
{
    if ((unsigned)s >= STATE_COUNT)
        BUG("no state %d", (int)s);
    return state_names[s];
}

bool state_parse(const char *s, enum state *out)
{
    for (unsigned i = 0; i < STATE_COUNT; i++) {
        if (strcmp(s, state_names[i]) == 0) {
            *out = (enum state)i;
            return true;
        }
    }
    return false;
}

const char *method_name(enum method m)
{
    if ((unsigned)m >= METHOD_COUNT)
        BUG("no method %d", (int)m);
    return method_names[m];
}

bool method_parse(const char *s, enum method *out)
{
    for (unsigned i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(s, method_names[i]) == 0) {
            *out = (enum method)i;
            return true;
        }
    }
    return false;
}

const struct reason_info *reason_info(enum reason r)
{
    return &reasons[(unsigned)r < REASON_COUNT ? r : REASON_INTERNAL];
}

bool reason_parse(const char *name, enum reason *out)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (strcmp(name, reasons[i].name) == 0) {
            *out = (enum reason)i;
            return true;
        }
    }
    return false;
}

bool reason_unreached(enum state state, enum reason r)
{
    if (state == STATE_NOT_ASKED)
        return r == REASON_CREDENTIAL_ENDED || r == REASON_SECRET_UNAVAILABLE || r == REASON_NO_CREDENTIAL || r == REASON_NO_MAPPING || r == REASON_SANDBOX;
    return state == STATE_FAILED || state == STATE_REFUSED || state == STATE_PARTIAL;
}
