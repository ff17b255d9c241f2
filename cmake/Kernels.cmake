# The ahead-of-time kernels: algorithms (generators/) x schedules (schedules/<family>/) x targets -> one library, unetflow_aot.

include(cmake/Profiles.cmake)
set(UNETFLOW_PROFILE_FOLDER "${PROJECT_SOURCE_DIR}/schedules/profiles")
set(UNETFLOW_KERNELS "" CACHE INTERNAL "")
set(UNETFLOW_TARGETS "" CACHE INTERNAL "")
set(UNETFLOW_FLOAT16_KERNELS "" CACHE INTERNAL "")
set(UNETFLOW_FLOAT16_TARGETS "" CACHE INTERNAL "")

# unetflow_kernel(NAME [FROM op] [PARAMS key=value...] [FLOAT16]): the kernel NAME is generators/<op>.cpp with these parameters.
# op is NAME when not said. FLOAT16: it has a form that stores images as float16 (generators/storage.h).
function(unetflow_kernel NAME)
    cmake_parse_arguments(ARG "FLOAT16" "FROM" "PARAMS" ${ARGN})
    if (NOT ARG_FROM)
        set(ARG_FROM ${NAME})
    endif ()
    set(UNETFLOW_KERNELS ${UNETFLOW_KERNELS} ${NAME} CACHE INTERNAL "")
    set(UNETFLOW_OP_${NAME} ${ARG_FROM} CACHE INTERNAL "")
    set(UNETFLOW_PARAMS_${NAME} ${ARG_PARAMS} CACHE INTERNAL "")
    if (ARG_FLOAT16)
        set(UNETFLOW_FLOAT16_KERNELS ${UNETFLOW_FLOAT16_KERNELS} ${NAME} CACHE INTERNAL "")
    endif ()
endfunction()

# unetflow_target(NAME FAMILIES family... TARGET halide-target [FLOAT16]): a column of the kernel table. FLOAT16: and a second one,
# NAME_float16, that has the float16 form of the kernels which have one, and NAME's own otherwise.
# The families cpu and gpu are complete. Any other holds only the schedules it improves, and takes the rest from cpu; cuda from gpu.
function(unetflow_target NAME)
    cmake_parse_arguments(ARG "FLOAT16" "TARGET" "FAMILIES" ${ARGN})
    if (UNETFLOW_SANITIZE)
        string(APPEND ARG_TARGET -asan)  # part of the target, since the runtime needs it too
    endif ()
    set(UNETFLOW_TARGETS ${UNETFLOW_TARGETS} ${NAME} CACHE INTERNAL "")
    set(UNETFLOW_FAMILIES_${NAME} ${ARG_FAMILIES} CACHE INTERNAL "")
    set(UNETFLOW_HALIDE_TARGET_${NAME} ${ARG_TARGET} CACHE INTERNAL "")
    if (ARG_FLOAT16)
        set(UNETFLOW_FLOAT16_TARGETS ${UNETFLOW_FLOAT16_TARGETS} ${NAME}_float16 CACHE INTERNAL "")
        set(UNETFLOW_FAMILIES_${NAME}_float16 ${ARG_FAMILIES} CACHE INTERNAL "")
        set(UNETFLOW_HALIDE_TARGET_${NAME}_float16 ${ARG_TARGET} CACHE INTERNAL "")
    endif ()
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
    foreach (target IN LISTS UNETFLOW_TARGETS UNETFLOW_FLOAT16_TARGETS)
        unetflow_kernels_of(${target} kernels)
        foreach (kernel IN LISTS kernels)
            unetflow_one_kernel(${kernel} ${target} unetflow_aot)
        endforeach ()
    endforeach ()
    unetflow_write_table()
    unetflow_list_kernels(cuda)
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

# Sets OUT to the kernels that are compiled for TARGET.
function(unetflow_kernels_of TARGET OUT)
    set(${OUT} ${UNETFLOW_KERNELS} PARENT_SCOPE)
    if ("${TARGET}" IN_LIST UNETFLOW_FLOAT16_TARGETS)
        set(${OUT} ${UNETFLOW_FLOAT16_KERNELS} PARENT_SCOPE)
    endif ()
endfunction()

# Sets OUT to the target whose kernels are stored as float32: TARGET without _float16.
function(unetflow_float32_target TARGET OUT)
    string(REGEX REPLACE "_float16$" "" target ${TARGET})
    set(${OUT} ${target} PARENT_SCOPE)
endfunction()

# Sets OUT to the parameters of KERNEL's generator on TARGET. Both forms of a kernel have the knobs of the float32 one.
function(unetflow_parameters KERNEL TARGET OUT)
    unetflow_float32_target(${TARGET} tuned)
    unetflow_profile_knobs("${UNETFLOW_PROFILE_FOLDER}" "${UNETFLOW_PROFILES}" ${KERNEL} ${tuned} knobs)
    set(parameters ${UNETFLOW_PARAMS_${KERNEL}} ${knobs})
    if (NOT tuned STREQUAL TARGET)
        list(APPEND parameters storage=float16)
    endif ()
    set(${OUT} ${parameters} PARENT_SCOPE)
endfunction()

# KERNEL for TARGET, linked by LIBRARY.
function(unetflow_one_kernel KERNEL TARGET LIBRARY)
    unetflow_parameters(${KERNEL} ${TARGET} parameters)
    add_halide_library(
        ${KERNEL}_${TARGET} FROM unetflow_${UNETFLOW_FAMILIES_${TARGET}}.generator GENERATOR ${UNETFLOW_OP_${KERNEL}}
        FUNCTION_NAME unet::${TARGET}::${KERNEL}
        TARGETS ${UNETFLOW_HALIDE_TARGET_${TARGET}} FEATURES c_plus_plus_name_mangling user_context
        USE_RUNTIME unetflow_runtime
        PARAMS ${parameters})
    target_link_libraries(${LIBRARY} INTERFACE ${KERNEL}_${TARGET})
endfunction()

# unetflow_stand_in(NAME FAMILY family FOR target): what schedules/FAMILY holds, compiled for another target, with the rest of that
# one's kernels: tests run on it where a device of the family is not to be had. Library unetflow_NAME, generated/NAME.h; nothing
# where the build has no such target.
function(unetflow_stand_in NAME)
    cmake_parse_arguments(ARG "" "FAMILY;FOR" "" ${ARGN})
    if (NOT ARG_FOR IN_LIST UNETFLOW_TARGETS)
        return()
    endif ()
    set(UNETFLOW_FAMILIES_${NAME} ${ARG_FAMILY})
    set(UNETFLOW_HALIDE_TARGET_${NAME} ${UNETFLOW_HALIDE_TARGET_${ARG_FOR}})
    set(UNETFLOW_STAND_IN ${NAME})
    set(UNETFLOW_STAND_IN_TARGET ${UNETFLOW_HALIDE_TARGET_${ARG_FOR}})
    add_library(unetflow_${NAME} INTERFACE)
    foreach (kernel IN LISTS UNETFLOW_KERNELS)
        set(target ${ARG_FOR})
        if (EXISTS "${PROJECT_SOURCE_DIR}/schedules/${ARG_FAMILY}/${UNETFLOW_OP_${kernel}}.cpp")
            set(target ${NAME})
            unetflow_one_kernel(${kernel} ${NAME} unetflow_${NAME})
        endif ()
        string(APPEND UNETFLOW_INCLUDES "#include \"${kernel}_${target}.h\"\n")
        string(APPEND UNETFLOW_MEMBERS ",\n    .${kernel} = ${target}::${kernel}")
    endforeach ()
    configure_file("${PROJECT_SOURCE_DIR}/tests/stand_in.h.in" "${PROJECT_BINARY_DIR}/generated/${NAME}.h" @ONLY)
endfunction()

# Writes generated/FAMILY_kernels.txt: a line for each kernel of the family's targets: name, Halide target, generator, parameters.
function(unetflow_list_kernels FAMILY)
    set(lines "")
    foreach (target IN LISTS UNETFLOW_TARGETS UNETFLOW_FLOAT16_TARGETS)
        unetflow_kernels_of(${target} kernels)
        if (UNETFLOW_FAMILIES_${target} STREQUAL "${FAMILY}")
            foreach (kernel IN LISTS kernels)
                unetflow_parameters(${kernel} ${target} parameters)
                list(JOIN parameters " " parameters)
                string(APPEND lines "${kernel}_${target} ${UNETFLOW_HALIDE_TARGET_${target}} ${UNETFLOW_OP_${kernel}} ${parameters}\n")
            endforeach ()
        endif ()
    endforeach ()
    file(WRITE "${PROJECT_BINARY_DIR}/generated/${FAMILY}_kernels.txt" "${lines}")
endfunction()

# Writes generated/kernel_table.h: includes, and one row per target with one member per kernel; those of float16 apart.
function(unetflow_write_table)
    list(LENGTH UNETFLOW_FLOAT16_TARGETS UNETFLOW_FLOAT16_COUNT)
    foreach (target IN LISTS UNETFLOW_TARGETS UNETFLOW_FLOAT16_TARGETS)
        unetflow_kernels_of(${target} own)
        unetflow_float32_target(${target} other)
        set(row ".name = \"${target}\", .halide_target = \"${UNETFLOW_HALIDE_TARGET_${target}}\"")
        if (target IN_LIST UNETFLOW_FLOAT16_TARGETS)
            string(APPEND row ", .precision = Precision::float16")
        endif ()
        foreach (kernel IN LISTS UNETFLOW_KERNELS)
            set(from ${other})
            if (kernel IN_LIST own)
                set(from ${target})
                string(APPEND UNETFLOW_INCLUDES "#include \"${kernel}_${target}.h\"\n")
            endif ()
            string(APPEND row ",\n     .${kernel} = ${from}::${kernel}")
        endforeach ()
        if (target IN_LIST UNETFLOW_FLOAT16_TARGETS)
            string(APPEND UNETFLOW_FLOAT16_ROWS "    Kernels{${row}},\n")
        else ()
            string(APPEND UNETFLOW_ROWS "    {${row}},\n")
        endif ()
    endforeach ()
    configure_file(src/kernels/kernel_table.h.in generated/kernel_table.h @ONLY)
    configure_file(src/base/version.h.in generated/version.h @ONLY)
endfunction()
