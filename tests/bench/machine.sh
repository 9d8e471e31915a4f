#!/bin/sh
# On which machine the figures were measured.
model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
memory=$(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo 2>/dev/null)
echo "machine: ${model:-$(uname -m)}, $(nproc) cores, $memory memory, $(uname -sr), load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null)"
