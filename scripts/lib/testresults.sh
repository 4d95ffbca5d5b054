# Sourced after common.sh: what the result files of xunit.v3 in the folder $results say.

# Prints the skipped and the failed tests and, as the last line, the counts. Fails if anything failed or nothing ran.
report() {
  local file passed=0 failed=0 project_passed project_failed
  printf '\n'
  for file in "$results"/*.status; do
    read_project "${file%.status}"
    passed=$((passed + project_passed)) failed=$((failed + project_failed))
  done
  [[ $((passed + failed)) -gt 0 ]] || say 'no test ran'
  say "$passed passed, $failed failed"
  [[ $failed -eq 0 && $passed -gt 0 ]]
}

# read_project PATH: sets project_passed and project_failed from PATH.status, how the runner ended, and PATH.xml, what
# it wrote. One that wrote nothing, or that failed without a failed test, counts as one failure.
read_project() {
  local status
  status=$(<"$1.status")
  project_passed=0 project_failed=0
  if [[ -s $1.xml ]]; then
    read_results "$1.xml" "$1.counts"
    read -r project_passed project_failed <"$1.counts"
  fi
  if [[ ! -s $1.xml || ($status -ne 0 && $project_failed -eq 0) ]]; then
    say "failed   ${1##*/} ended with status $status"
    project_failed=$((project_failed + 1))
  fi
}

# read_results XML COUNTS: prints the names, writes the counts. Every '<' of XML opens a tag, so a record of awk's is a
# tag with its attributes and the text up to the next.
read_results() {
  awk -v RS='<' -v counts="$2" '
    function attribute(name,    value) {
      if (!match($0, " " name "=\"[^\"]*\"")) return ""
      value = substr($0, RSTART, RLENGTH)
      sub(/^[^"]*"/, "", value); sub(/"$/, "", value)
      return plain(value)
    }
    function plain(text) {
      gsub(/\\?&quot;/, "\"", text); gsub(/\\"/, "\"", text); gsub(/&apos;/, "\047", text)
      gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/[\n\r]+/, " ", text); gsub(/&amp;/, "\\&", text)
      return text
    }
    /^assembly / { passed += attribute("passed"); failed += attribute("failed") + attribute("errors") }
    /^error /    { print "failed   " attribute("name") " (" attribute("type") ")" }
    /^test /     { test = attribute("name"); result = attribute("result") }
    /^test / && result == "Fail" { print "failed   " test }
    /^reason>/ && result == "Skip" { print "skipped  " test ": " plain(substr($0, 8)) }
    END { print passed + 0, failed + 0 > counts }
  ' "$1"
}
