# Finds the C++ SDK inside the Python wheel `halide`. On Debian its CMake package lies only under the wheel's own folder.
if (NOT Halide_DIR)
    find_program(UNETFLOW_PYTHON NAMES python3 HINTS "${PROJECT_SOURCE_DIR}/.venv/bin" NO_CMAKE_SYSTEM_PATH REQUIRED)
    execute_process(
        COMMAND "${UNETFLOW_PYTHON}" -c "import halide; print(halide.install_dir())"
        OUTPUT_VARIABLE wheel OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
    if (failed)
        message(FATAL_ERROR "Halide is missing: run `bash tools/setup.sh`, or set Halide_DIR.")
    endif ()
    set(Halide_DIR "${wheel}/lib64/cmake/Halide" CACHE PATH "Folder of HalideConfig.cmake")
    set(Halide_Python_DIR "${wheel}/lib64/cmake/Halide_Python" CACHE PATH "")
    set(HalideHelpers_DIR "${wheel}/lib64/cmake/HalideHelpers" CACHE PATH "")
endif ()
