# Sourced after apt.sh: a C++ runtime that TorchSharp can load. Its native library asks for a symbol version that
# Debian 12 does not have; the libstdc++ of Debian 13 does, and runs on Debian 12 once libc6 is renewed with it.

readonly needed_symbol=GLIBCXX_3.4.32
readonly newer_suite=trixie
readonly newer_source=/etc/apt/sources.list.d/leaderboard-$newer_suite.sources
readonly newer_preferences=/etc/apt/preferences.d/leaderboard-$newer_suite
readonly libstdcxx_complaint="libstdc++ lacks $needed_symbol: TorchSharp will not load, so nothing can be evaluated"

has_needed_libstdcxx() {
  local library
  library=$(library_path libstdc++.so.6)
  [[ -n $library ]] && grep -aq "$needed_symbol" "$library"
}

# library_path NAME: the file that the loader would take for a 64-bit program.
library_path() {
  local folder IFS=:
  for folder in ${LD_LIBRARY_PATH:-}; do
    [[ ! -e $folder/$1 ]] || { say "$folder/$1" && return; }
  done
  ldconfig -p | awk -v name="$1" '$1 == name && /x86-64/ && !found { print $NF; found = 1 }'
}

# renew_libstdcxx ASK: from the newer suite of the mirror that this machine uses, after a question if ASK is true.
# Fails where the operator or apt refuses; what was added to apt's sources is then taken away again.
renew_libstdcxx() {
  local upgrades
  add_newer_suite || return 1
  upgrades=$(newer_libstdcxx --simulate | sed -nE \
    's/^Inst ([^ ]+) \[([^]]+)\] \(([^ ]+).*/  \1 \2 -> \3/p; s/^Inst ([^ ]+) \(([^ ]+).*/  \1 \2 (new)/p') || true
  [[ -n $upgrades ]] || { complain "apt finds no newer libstdc++6 in $newer_suite" && remove_newer_suite && return 1; }

  say "libstdc++ lacks $needed_symbol, which TorchSharp needs. From $newer_suite these packages would be renewed:"
  say "$upgrades"
  [[ $upgrades != *' base-files '* ]] || say 'libc6 is renewed too, and the machine will call itself Debian 13.'
  if $1 && ! agreed 'Renew them?'; then
    remove_newer_suite
    return 1
  fi
  newer_libstdcxx --yes >"$apt_log" 2>&1 || { complain "apt could not renew libstdc++6:$(apt_words)" && return 1; }
  has_needed_libstdcxx && say 'They are renewed.'
}

newer_libstdcxx() { as_root "${apt[@]}" install -t "$newer_suite" --no-install-recommends "$@" libstdc++6; }

agreed() {
  local answer
  read -r -p "$1 [y/N] " answer
  [[ $answer == [yY]* ]]
}

# The same mirror and the same keys as the machine's own Debian source, at a priority that never upgrades by itself.
add_newer_suite() {
  local source label codename mirror entry keys
  if [[ -n $(debian_sources | awk -F '|' -v suite="$newer_suite" '$2 == suite') ]]; then
    return 0
  fi
  source=$(debian_sources | tail -n 1)
  IFS='|' read -r label codename mirror entry <<<"$source"
  [[ -n $source ]] || { complain 'there is no Debian mirror among the sources of apt' && return 1; }
  keys=$(sed -nE 's/^Signed-By: *(\/.+)/\1/Ip; s/^deb .*[[ ]signed-by=([^] ]+).*/\1/p' "${entry%:*}" | head -n 1)

  say "apt: adding $newer_suite from the mirror of $codename ($label), at priority 100"
  as_root tee "$newer_source" >/dev/null <<EOF
# Added by scripts/setup of Leaderboard for libstdc++6 with $needed_symbol.
Types: deb
URIs: $mirror
Suites: $newer_suite
Components: main
${keys:+Signed-By: $keys}
EOF
  as_root tee "$newer_preferences" >/dev/null <<EOF
Package: *
Pin: release n=$newer_suite
Pin-Priority: 100
EOF
  update_apt
}

remove_newer_suite() { as_root rm -f "$newer_source" "$newer_preferences"; }

# One line a source, as apt itself reads them: label, codename, address, file and line.
debian_sources() {
  # shellcheck disable=SC2016 # apt fills these in
  apt-get indextargets --format '$(LABEL)|$(CODENAME)|$(REPO_URI)|$(SOURCESENTRY)' \
    'Created-By: Packages' 'Component: main' 'Label: Debian' | grep -v -- '-updates|'
}
