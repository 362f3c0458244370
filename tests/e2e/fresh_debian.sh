#!/usr/bin/env bash
# Runs both commands of the README in a Debian 12 that has nothing but bash, git and ca-certificates, entered with its own
# mount and process namespaces and pivot_root (a plain chroot cannot make the user namespaces that sandboxes need).
# Slow (about 30 minutes on 2 cores) and downloads about 1.5 GB: label nightly.
#
#   sudo bash tests/e2e/fresh_debian.sh [FOLDER]     FOLDER: where the root is made (default: a new one, removed afterwards)
#
# AISCI_DEBIAN_MIRROR names another mirror. What is committed in this checkout is what is tested. The name service's
# configuration and the certificates of this machine are taken along, so that the root reaches the registries as it does.
set -euo pipefail
source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mirror=${AISCI_DEBIAN_MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo "fresh_debian.sh: needs root, to make a root of its own" >&2; exit 5; }
command -v debootstrap >/dev/null || { echo "fresh_debian.sh: debootstrap is missing; run  bash setup.sh --dev" >&2; exit 5; }

keep=yes root=${1:-}
if [ -z "$root" ]; then keep=no root=$(mktemp -d /var/tmp/aisci-fresh.XXXXXX); fi
clean_up() { [ $keep = yes ] || rm -rf --one-file-system "$root"; }
trap clean_up EXIT

if [ ! -f "$root/made" ]; then
  echo "== a bare Debian 12 in $root"
  debootstrap --variant=minbase --include=git,ca-certificates bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
    { tail -20 "$root.log" >&2; exit 1; }
  rm -f "$root.log"
  touch "$root/made"
fi
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
cp -aL /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
rm -rf "$root/root/aisci"
git clone -q --no-hardlinks "$source_tree" "$root/root/aisci"

cat >"$root/root/enter.sh" <<'INNER'
# Runs inside the new namespaces, still seeing the old root: makes $1 the root and goes on there.
set -euo pipefail
root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
for node in null zero full random urandom tty; do
  touch "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
mkdir -p "$root/old"
cd "$root"
pivot_root . old
umount -l /old
exec /bin/bash /root/check.sh
INNER

cat >"$root/root/check.sh" <<'INNER'
# The acceptance itself, in the bare root.
set -uo pipefail
cd /root/aisci
passed=0 failed=0
check() {
  if eval "$2"; then passed=$((passed + 1)); echo "ok      $1"; else failed=$((failed + 1)); echo "FAILED  $1"; fi
}
check "nothing is preinstalled" '! command -v g++ cmake python3 pdflatex bwrap >/dev/null'
start=$SECONDS
bash examples/quickstart.sh </dev/null >/root/quickstart.log 2>&1
code=$?
echo "        quickstart: exit $code, $((SECONDS - start)) s with downloads and build"
check "the quickstart ends well" '[ $code = 0 ]'
[ $code = 0 ] || tail -40 /root/quickstart.log
check "it says what it installs before it does" 'grep -q "Debian packages to install" /root/quickstart.log'
check "it prints a paper that is there" '[ -s "$(sed -n "s/^Paper: //p" /root/quickstart.log | tail -1)" ]'
check "it prints verdicts with interval and n" 'grep -qE "c1 .*\[.*\], [0-9]+ blocks" /root/quickstart.log'
check "it says what to try next" 'grep -q "What to try next" /root/quickstart.log'
check "the study verifies" 'build/release/bin/aisci verify aisci-study-quickstart >/root/verify.log 2>&1'
start=$SECONDS
bash tests/run.sh </dev/null >/root/tests.log 2>&1
code=$?
echo "        tests/run.sh: exit $code, $((SECONDS - start)) s"
check "the fast tests pass" '[ $code = 0 ]'
[ $code = 0 ] || grep -E "FAILED|Failed|\*\*\*|error" /root/tests.log | head -40
timeout 20 bash examples/quickstart.sh </dev/null >/root/again.log 2>&1
check "run again, it says that the finished study stays and a new one starts" \
  'grep -q "holds a finished study; it stays" /root/again.log && grep -q "Starting a new study" /root/again.log'
echo "$passed passed, $failed failed"
[ $failed = 0 ]
INNER

echo "== both commands in it"
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb \
  unshare --mount --pid --ipc --uts --fork --kill-child /bin/bash "$root/root/enter.sh" "$root"
