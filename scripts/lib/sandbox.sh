# Sourced after apt.sh: may this user run bubblewrap?

readonly apparmor_profile=/etc/apparmor.d/bwrap-leaderboard

sandbox_works() { try_sandbox >/dev/null 2>&1; }

sandbox_words() { try_sandbox 2>&1 | tail -n 1; }

try_sandbox() {
  bwrap --unshare-all --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --proc /proc --dev /dev \
    /usr/bin/true
}

# Ubuntu lets a program make a user namespace only if an AppArmor profile says so, and ships none that is loaded for
# bubblewrap. One that is there already is left alone.
allow_sandbox() {
  local restricted=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
  if sandbox_works || [[ ! -e $restricted || $(<"$restricted") != 1 ]] ||
    grep -qsE '^[^#]*/usr/bin/bwrap' /etc/apparmor.d/*; then
    return
  fi
  may_be_root || return 0
  say "apparmor: allowing user namespaces to /usr/bin/bwrap by $apparmor_profile"
  as_root tee "$apparmor_profile" >/dev/null <<'EOF'
# Added by scripts/setup of Leaderboard: its sandbox is made by bubblewrap.
abi <abi/4.0>,
include <tunables/global>

profile bwrap-leaderboard /usr/bin/bwrap flags=(unconfined) {
  userns,
  include if exists <local/bwrap-leaderboard>
}
EOF
  as_root apparmor_parser -r "$apparmor_profile" || complain "apparmor_parser refused $apparmor_profile"
}
