# Starting and stopping daemons as plain processes; sourced by directory and ssh_host beside this, and by the demo clinic.
# A daemon is known by a file with its pid. FILE.born has the moment of its birth as the kernel tells it, so that "stop" never
# meets another process that was given the same pid later.

daemon_born() {  # pid
    sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# Runs a command in the background; sets pid. The caller redirects its input and output. An interruption waits until the pid
# is written, so that nothing is started that "stop" does not find.
daemon_start() { # file command...
    pid_file=$1
    shift
    interrupted=
    trap 'interrupted=yes' INT TERM HUP
    "$@" &
    pid=$!
    echo "$pid" >"$pid_file"
    daemon_born "$pid" >"$pid_file.born"
    trap - INT TERM HUP
    [ -z "$interrupted" ] || exit 130
}

# Whether it runs; a dead one that nobody has waited for does not.
daemon_runs() {  # file
    [ -f "$1" ] && [ -f "$1.born" ] || return 1
    read -r running <"$1" || return 1
    [ -n "$running" ] && [ "$(daemon_born "$running")" = "$(cat "$1.born")" ] || return 1
    case $(sed 's/.*) //' "/proc/$running/stat" 2>/dev/null) in '' | Z*) return 1 ;; esac
}

daemon_stop() {  # file
    if daemon_runs "$1"; then
        kill "$running" 2>/dev/null || :
        waited=0
        while daemon_runs "$1" && [ $waited -lt 100 ]; do
            sleep 0.05
            waited=$((waited + 1))
        done
        ! daemon_runs "$1" || kill -9 "$running" 2>/dev/null || :
    fi
    rm -f "$1" "$1.born"
}
