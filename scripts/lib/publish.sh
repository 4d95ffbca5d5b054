# Sourced after common.sh: programs as they are run, in artifacts/.

# publish PROJECT...: src/Api goes to artifacts/api and so on, where that is not up to date. Scripts that start at once
# take turns.
publish() {
  local project
  mkdir -p "$root/artifacts"
  (
    flock "$lock"
    for project in "$@"; do publish_one "$project"; done
  ) {lock}>"$root/artifacts/lock"
}

publish_one() {
  local target=$root/artifacts/${1,,} wanted
  wanted=$(source_fingerprint)
  [[ ! -e $target/fingerprint || $(<"$target/fingerprint") != "$wanted" ]] || return 0

  say "building $1"
  rm -rf "$target.new"
  # Beside its place, so that a build that fails costs nothing; without the lock, which nobody else may keep.
  dotnet publish "$root/src/$1" -c Release -o "$target.new" -v quiet {lock}>&- >"$target.log" 2>&1 ||
    die "$1 does not build$(tail_of "$target.log")"
  say "$wanted" >"$target.new/fingerprint"
  rm -rf "$target"
  mv "$target.new" "$target"
}

# Changes with every file that the programs are made of, and with the commit, which stands beside each score.
source_fingerprint() {
  (
    cd "$root" || exit
    git rev-parse HEAD 2>/dev/null || true
    find src db catalog tests/Api.Tests/OpenApi/openapi.v1.json ./*.props ./*.json ./*.txt -name bin -prune -o -name obj -prune -o \
      -type f -printf '%p %s %T@\n' | sort
  ) | sha256sum
}
