# Sourced by benchmarks in shell: processor time; and ending what they started.
# shellcheck shell=sh

# child_ms FILE: what children took, in ms, of the output of `times` in it ("0m1.250s" twice on its second line)
child_ms() { sed -n 2p "$1" | awk '{ for (i = 1; i <= 2; i++) { split($i, p, /[ms]/); t += p[1] * 60000 + p[2] * 1000 } } END { printf "%d", t }'; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
# cpu_ms PID...: processor time of these processes so far, with that of children they waited for
cpu_ms() {
    for measured in "$@"; do sed 's/.*) //' "/proc/$measured/stat" | cut -d' ' -f12-15 | tr ' ' +; done | paste -sd+ - >"${TMPDIR:-/tmp}/cpu.$$"
    echo $((($(cat "${TMPDIR:-/tmp}/cpu.$$")) * 1000 / $(getconf CLK_TCK)))
    rm -f "${TMPDIR:-/tmp}/cpu.$$"
}
# end_with_us: processes whose numbers are put into $pids end when the benchmark does, however that is
pids=
end_pids() {
    status=$?
    trap '' HUP INT TERM
    for p in $pids; do kill "$p" 2>/dev/null || :; done
    exit "$status"
}
end_with_us() {
    trap end_pids EXIT
    trap 'exit 99' HUP INT TERM
}
