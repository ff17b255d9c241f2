# unetflow-tune: the programs that compile kernels while they run, and measure schedules/profiles.

# unetflow-tune, with the generators and their schedules inside: a program for CPUs, and one for each kind of device. Not with
# sanitizers: what it compiles itself would have none.
function(unetflow_tuner)
    if (UNETFLOW_SANITIZE)
        return()
    endif ()
    unetflow_write_kernel_names()
    unetflow_part(tune FOLDER tune LINKS unetflow_pipeline)
    target_link_libraries(unetflow_tune PRIVATE Halide::Halide)
    unetflow_tuner_of(cpu unetflow-tune FAMILY cpu)
    unetflow_tuner_of(opencl unetflow-tune-opencl FAMILY gpu)
    unetflow_tuner_of(cuda unetflow-tune-cuda FAMILY cuda)
endfunction()

# unetflow_tuner_of(DEVICE PROGRAM FAMILY family): the program that tunes kernels of DEVICE, with the schedules of a family inside: those
# of two would have the same names. Library unetflow_tune_DEVICE. Nothing where no target of the build has the family.
function(unetflow_tuner_of DEVICE PROGRAM)
    cmake_parse_arguments(ARG "" "FAMILY" "" ${ARGN})
    if (NOT TARGET unetflow_${ARG_FAMILY}.generator)
        return()
    endif ()
    add_library(unetflow_tune_${DEVICE} INTERFACE)
    target_link_libraries(unetflow_tune_${DEVICE} INTERFACE unetflow_tune)
    # Objects, not a library: of one a linker would leave out what nobody names, and generators register themselves.
    target_sources(unetflow_tune_${DEVICE} INTERFACE $<TARGET_OBJECTS:unetflow_algorithms>
                                                     $<TARGET_OBJECTS:unetflow_${ARG_FAMILY}.generator>)
    unetflow_program(${PROGRAM} tune/main.cpp LINKS unetflow_tune_${DEVICE})
    target_compile_definitions(${PROGRAM} PRIVATE UNETFLOW_TUNES="${DEVICE}")
endfunction()

# Writes generated/kernel_names.h: what kernels are called, which generators with which parameters they come from, which knobs
# generic.txt gives them.
function(unetflow_write_kernel_names)
    foreach (kernel IN LISTS UNETFLOW_KERNELS)
        string(APPEND UNETFLOW_KERNEL_NAMES
               " \\\n    X(${kernel}, \"${UNETFLOW_OP_${kernel}}\", \"${UNETFLOW_PARAMS_${kernel}}\")")
        foreach (target IN LISTS UNETFLOW_TARGETS)
            unetflow_profile_knobs("${UNETFLOW_PROFILE_FOLDER}" generic ${kernel} ${target} knobs)
            if (knobs)
                string(APPEND UNETFLOW_GENERIC_KNOBS "    {\"${kernel}\", \"${target}\", \"${knobs}\"},\n")
            endif ()
        endforeach ()
    endforeach ()
    configure_file(tune/kernel_names.h.in generated/kernel_names.h @ONLY)
endfunction()

# bench/autoschedulers.cpp, on request: Halide's autoschedulers beside the schedules of cpu.
function(unetflow_autoschedulers)
    add_executable(autoschedulers EXCLUDE_FROM_ALL bench/autoschedulers.cpp $<TARGET_OBJECTS:unetflow_algorithms>
                   $<TARGET_OBJECTS:unetflow_cpu.generator>)
    target_include_directories(autoschedulers PRIVATE "${PROJECT_SOURCE_DIR}")
    target_compile_definitions(autoschedulers PRIVATE UNETFLOW_HALIDE_LIBRARIES="$<TARGET_FILE_DIR:Halide::Halide>")
    target_link_libraries(autoschedulers PRIVATE Halide::Halide)
endfunction()
