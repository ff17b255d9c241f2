# The ahead-of-time kernels: algorithms (generators/) x schedules (schedules/<family>/) x targets -> one library, unetflow_aot.

include(cmake/Profiles.cmake)
set(UNETFLOW_PROFILE_FOLDER "${PROJECT_SOURCE_DIR}/schedules/profiles")
set(UNETFLOW_KERNELS "" CACHE INTERNAL "")
set(UNETFLOW_TARGETS "" CACHE INTERNAL "")

# unetflow_kernel(NAME [FROM op] [PARAMS key=value...]): the kernel NAME is generators/<op>.cpp with these parameters.
# op is NAME when not said.
function(unetflow_kernel NAME)
    cmake_parse_arguments(ARG "" "FROM" "PARAMS" ${ARGN})
    if (NOT ARG_FROM)
        set(ARG_FROM ${NAME})
    endif ()
    set(UNETFLOW_KERNELS ${UNETFLOW_KERNELS} ${NAME} CACHE INTERNAL "")
    set(UNETFLOW_OP_${NAME} ${ARG_FROM} CACHE INTERNAL "")
    set(UNETFLOW_PARAMS_${NAME} ${ARG_PARAMS} CACHE INTERNAL "")
endfunction()

# unetflow_target(NAME FAMILIES family... TARGET halide-target): a column of the kernel table.
# The families cpu and gpu are complete. Any other holds only the schedules it improves, and takes the rest from cpu; cuda from gpu.
function(unetflow_target NAME)
    cmake_parse_arguments(ARG "" "TARGET" "FAMILIES" ${ARGN})
    if (UNETFLOW_SANITIZE)
        string(APPEND ARG_TARGET -asan)  # part of the target, since the runtime needs it too
    endif ()
    set(UNETFLOW_TARGETS ${UNETFLOW_TARGETS} ${NAME} CACHE INTERNAL "")
    set(UNETFLOW_FAMILIES_${NAME} ${ARG_FAMILIES} CACHE INTERNAL "")
    set(UNETFLOW_HALIDE_TARGET_${NAME} ${ARG_TARGET} CACHE INTERNAL "")
endfunction()

# Builds everything declared above: generator programs, kernels, the one runtime, the kernel table.
function(unetflow_kernel_libraries)
    unetflow_algorithms()
    add_library(unetflow_aot INTERFACE)
    unetflow_profiles("${UNETFLOW_PROFILE_FOLDER}" UNETFLOW_PROFILES)
    set(profiles ${UNETFLOW_PROFILES})
    list(TRANSFORM profiles PREPEND "${UNETFLOW_PROFILE_FOLDER}/")
    list(TRANSFORM profiles APPEND .txt)
    if (UNETFLOW_PROFILE STREQUAL "auto")
        list(APPEND profiles "${UNETFLOW_PROFILE_FOLDER}")  # a new one counts, too
    endif ()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${profiles})
    set(families cpu)  # unetflow-tune has it, whatever the targets
    foreach (target IN LISTS UNETFLOW_TARGETS)
        list(APPEND halide_targets ${UNETFLOW_HALIDE_TARGET_${target}})
        list(APPEND families ${UNETFLOW_FAMILIES_${target}})
    endforeach ()
    add_halide_runtime(unetflow_runtime TARGETS ${halide_targets})
    list(REMOVE_DUPLICATES families)
    foreach (family IN LISTS families)
        unetflow_family_generator(${family})
    endforeach ()
    foreach (target IN LISTS UNETFLOW_TARGETS)
        foreach (kernel IN LISTS UNETFLOW_KERNELS)
            unetflow_one_kernel(${kernel} ${target})
        endforeach ()
    endforeach ()
    unetflow_write_table()
endfunction()

# The ops, each once: several kernels may come from one.
function(unetflow_ops OUT)
    foreach (kernel IN LISTS UNETFLOW_KERNELS)
        list(APPEND ops ${UNETFLOW_OP_${kernel}})
    endforeach ()
    list(REMOVE_DUPLICATES ops)
    set(${OUT} ${ops} PARENT_SCOPE)
endfunction()

# The algorithms, compiled once and linked into the generator program of every family.
function(unetflow_algorithms)
    unetflow_ops(ops)
    list(TRANSFORM ops PREPEND generators/ OUTPUT_VARIABLE sources)
    list(TRANSFORM sources APPEND .cpp)
    add_library(unetflow_algorithms OBJECT ${sources})
    target_include_directories(unetflow_algorithms PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(unetflow_algorithms PUBLIC Halide::Halide)
    target_compile_options(unetflow_algorithms PUBLIC -O0)  # run once per build: compile time is what counts
    target_precompile_headers(unetflow_algorithms PRIVATE <Halide.h>)
endfunction()

# The generator program of a family: its schedules, and those it takes from another.
function(unetflow_family_generator FAMILY)
    unetflow_ops(ops)
    foreach (op IN LISTS ops)
        unetflow_find_schedule(${op} ${FAMILY} file)
        list(APPEND schedules "${file}")
    endforeach ()
    list(APPEND schedules "${PROJECT_SOURCE_DIR}/schedules/cpu/register_tile.cpp"
         "${PROJECT_SOURCE_DIR}/schedules/cpu/winograd_convolution.cpp")
    add_halide_generator(unetflow_${FAMILY}.generator SOURCES ${schedules})
    target_link_libraries(unetflow_${FAMILY}.generator PRIVATE unetflow_algorithms)
    target_precompile_headers(unetflow_${FAMILY}.generator REUSE_FROM unetflow_algorithms)
endfunction()

# Sets OUT to schedules/FAMILY/OP.cpp, or to the one of the complete family behind it. Families for devices take none of cpu: a
# loop of the host in a pass would copy what it reads and writes.
function(unetflow_find_schedule OP FAMILY OUT)
    set(families ${FAMILY})
    if (FAMILY STREQUAL cuda)
        list(APPEND families gpu)
    elseif (NOT FAMILY STREQUAL gpu)
        list(APPEND families cpu)
    endif ()
    foreach (family IN LISTS families)
        set(file "${PROJECT_SOURCE_DIR}/schedules/${family}/${OP}.cpp")
        if (EXISTS "${file}")
            set(${OUT} "${file}" PARENT_SCOPE)
            return()
        endif ()
    endforeach ()
    message(FATAL_ERROR "${OP} has no schedule. Add schedules/${family}/${OP}.cpp.")
endfunction()

function(unetflow_one_kernel KERNEL TARGET)
    unetflow_profile_knobs("${UNETFLOW_PROFILE_FOLDER}" "${UNETFLOW_PROFILES}" ${KERNEL} ${TARGET} knobs)
    add_halide_library(
        ${KERNEL}_${TARGET} FROM unetflow_${UNETFLOW_FAMILIES_${TARGET}}.generator GENERATOR ${UNETFLOW_OP_${KERNEL}}
        FUNCTION_NAME unet::${TARGET}::${KERNEL}
        TARGETS ${UNETFLOW_HALIDE_TARGET_${TARGET}} FEATURES c_plus_plus_name_mangling user_context
        USE_RUNTIME unetflow_runtime
        PARAMS ${UNETFLOW_PARAMS_${KERNEL}} ${knobs})
    target_link_libraries(unetflow_aot INTERFACE ${KERNEL}_${TARGET})
endfunction()

# Writes generated/kernel_table.h: includes, and one row per target with one member per kernel.
function(unetflow_write_table)
    foreach (target IN LISTS UNETFLOW_TARGETS)
        string(APPEND UNETFLOW_ROWS "    {.name = \"${target}\", .halide_target = \"${UNETFLOW_HALIDE_TARGET_${target}}\"")
        foreach (kernel IN LISTS UNETFLOW_KERNELS)
            string(APPEND UNETFLOW_INCLUDES "#include \"${kernel}_${target}.h\"\n")
            string(APPEND UNETFLOW_ROWS ",\n     .${kernel} = ${target}::${kernel}")
        endforeach ()
        string(APPEND UNETFLOW_ROWS "},\n")
    endforeach ()
    configure_file(src/kernels/kernel_table.h.in generated/kernel_table.h @ONLY)
    configure_file(src/base/version.h.in generated/version.h @ONLY)
endfunction()
