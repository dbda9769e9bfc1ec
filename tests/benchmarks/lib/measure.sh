# Sourced: times, and the table of them. One file of milliseconds for each row, in $work/times.

# time_of ROW COMMAND...: one round. The command's output is thrown away; its failure ends the benchmark.
time_of() {
  local row=$1 began=${EPOCHREALTIME/./}
  shift
  "$@" >/dev/null 2>"$work/stderr" || { cat "$work/stderr" >&2; echo "benchmark: $* failed" >&2; exit 1; }
  mkdir -p "$work/times"
  echo $((${EPOCHREALTIME/./} - began)) >>"$work/times/$row"
}

# each ROUNDS ROW COMMAND... [-- ROW COMMAND...]...: in turn, so that whatever else the machine does falls on all of them.
each() {
  local rounds=$1 round word command
  shift
  for ((round = 0; round < rounds; round++)); do
    command=()
    for word in "$@" --; do
      if [ "$word" = -- ]; then time_of "${command[@]}"; command=(); else command+=("$word"); fi
    done
  done
}

# table: lines "ROW | what it is" on stdin.
table() {
  local row text
  echo
  echo "| what | ms: median [least-most] | rounds |"
  echo "|---|---|---|"
  while IFS='|' read -r row text; do
    row=${row// /}
    sort -n "$work/times/$row" | awk -v text="${text# }" '{ t[NR] = $1 / 1000 }
      END { printf "| %s | %.1f [%.1f-%.1f] | %d |\n", text, t[int((NR + 1) / 2)], t[1], t[NR], NR }'
  done
}
