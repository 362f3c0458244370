#!/usr/bin/env bash
# Installs what building, testing and running aisci needs on Debian 12: distribution
# packages, and one Python environment for experiments. Run it as often as you like; what
# is already there is left alone. Other Debian-like systems: best effort.
#
#   bash setup.sh            install what is missing
#   bash setup.sh --dev      also the tools that only CI needs (clang and its tools, abidiff)
#   bash setup.sh --print    say what would be installed, change nothing
#   bash setup.sh --python   print the experiments' Python interpreter and exit
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

build_packages=(
  build-essential cmake ninja-build ccache git ca-certificates pkg-config
  libboost1.81-dev libeigen3-dev libsqlite3-dev libssl-dev libfmt-dev libspdlog-dev
  libcurl4-openssl-dev libcli11-dev libtomlplusplus-dev libvalijson-dev libseccomp-dev libarchive-dev libgtest-dev
  libbenchmark-dev pybind11-dev python3-dev locales
)
run_packages=(
  bubblewrap libseccomp2 libarchive13 libcurl4 python3 python3-venv python3-torch
  texlive-latex-base texlive-latex-recommended texlive-latex-extra texlive-fonts-recommended
  lmodern poppler-utils
  texlive-xetex fonts-wqy-microhei fonts-dejavu-core  # papers in other scripts than Latin: 16, 5 and 3 MB on disk
)
dev_packages=(abigail-tools g++-11 libc++-14-dev libc++abi-14-dev clang-14 libclang-rt-14-dev clang-format-14 clang-tidy-14 debootstrap mypy)

mode=install
wanted=("${build_packages[@]}" "${run_packages[@]}")
for argument in "$@"; do
  case "$argument" in
    --dev) wanted+=("${dev_packages[@]}") ;;
    --print) mode=print ;;
    --python) mode=python ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "setup.sh: unknown option '$argument'; see bash setup.sh --help" >&2; exit 2 ;;
  esac
done

# The environment's folder is named by the hash of its lock: a changed lock makes a new one
# and never disturbs a study that is using the old one. It is world-readable on purpose: the
# sandbox runs experiments under another user, who cannot look into /root.
lock=$here/plugins/agents/design/templates/environment.lock
environment_root=${AISCI_ENVIRONMENTS:-/opt/aisci/environments}
if [ "$(id -u)" != 0 ] && [ -z "${AISCI_ENVIRONMENTS:-}" ] && [ ! -w "$environment_root" ]; then
  [ -d "$environment_root" ] || environment_root=${XDG_DATA_HOME:-$HOME/.local/share}/aisci/environments
fi
environment=$environment_root/$(sha256sum "$lock" | cut -c1-16)
python=$environment/bin/python3
if [ "$mode" = python ]; then echo "$python"; exit 0; fi

missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
need_environment=no
[ -f "$environment/complete" ] || need_environment=yes

echo "aisci set-up"
if [ ${#missing[@]} -gt 0 ]; then
  echo "  Debian packages to install: ${missing[*]}"
  echo "  (PyTorch and TeX Live are the large ones; together about 2 GB on disk.)"
else
  echo "  Debian packages: all there"
fi
if [ $need_environment = yes ]; then
  echo "  Python environment to create: $environment"
  echo "  (from PyPI: $(grep -v '^#' "$lock" | tr '\n' ' '); about 300 MB)"
else
  echo "  Python environment: $environment"
fi
[ "$mode" = print ] && exit 0

if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "setup.sh: not root, and no sudo: ask an administrator to run  apt-get install ${missing[*]}" >&2; exit 5; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -q
  if ! dpkg-query -W -f='${Status}' libboost1.81-dev 2>/dev/null | grep -q 'install ok installed'; then
    removed=$(apt-get install -s --no-install-recommends "${missing[@]}" 2>/dev/null | awk '/^Remv /{print $2}' | tr '\n' ' ')
    if [ -n "$removed" ]; then
      echo "  Boost 1.81 takes the place of Debian's default Boost; apt will remove: $removed"
    fi
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

if [ $need_environment = yes ]; then
  mkdir -p "$environment_root"
  chmod 755 "$environment_root"
  rm -rf "$environment"
  (
    umask 022
    /usr/bin/python3 -m venv --system-site-packages "$environment"
    "$python" -m pip install -q --no-input --disable-pip-version-check -r "$lock"
    "$python" - <<'PY'
import matplotlib, numpy, sklearn, torch
print(f"  experiments run on torch {torch.__version__}, numpy {numpy.__version__}, scikit-learn {sklearn.__version__}")
PY
  )
  touch "$environment/complete"
fi
# With the environment, for those who pack a study: aisci bundle.
if [ ! -f "$environment/environment.lock" ] && [ -w "$environment" ]; then install -m 644 "$lock" "$environment/"; fi
echo "  set-up complete"
