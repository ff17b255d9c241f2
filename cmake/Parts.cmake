# The parts of the program that are not kernels: libraries, programs, tests.

# Warnings and sanitizers of all our own code.
function(unetflow_own_code TARGET)
    target_include_directories(${TARGET} PUBLIC "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
    target_compile_options(${TARGET} PRIVATE -Wall -Wextra)
    if (UNETFLOW_SANITIZE)
        # Without vptr: TBB's flow graph casts tasks whose destructor has run (_flow_graph_impl.h, graph_task::finalize).
        target_compile_options(${TARGET} PUBLIC -fsanitize=address,undefined -fno-sanitize=vptr -fno-omit-frame-pointer)
        target_link_options(${TARGET} PUBLIC -fsanitize=address,undefined)
    endif ()
endfunction()

# unetflow_part(NAME [FOLDER folder] LINKS library...): all sources of src/NAME as library unetflow_NAME.
function(unetflow_part NAME)
    cmake_parse_arguments(ARG "" "FOLDER" "LINKS" ${ARGN})
    if (NOT ARG_FOLDER)
        set(ARG_FOLDER src/${NAME})
    endif ()
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${ARG_FOLDER}/*.cpp")
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    if (sources)
        add_library(unetflow_${NAME} STATIC ${sources})
        unetflow_own_code(unetflow_${NAME})
        target_link_libraries(unetflow_${NAME} PUBLIC ${ARG_LINKS})
    else ()
        add_library(unetflow_${NAME} INTERFACE)
        target_include_directories(unetflow_${NAME} INTERFACE "${PROJECT_SOURCE_DIR}")
        target_link_libraries(unetflow_${NAME} INTERFACE ${ARG_LINKS})
    endif ()
endfunction()

# Writes generated/report_assets.h: the style and the script of HTML reports, again when one of them changes.
function(unetflow_report_assets)
    set(folder "${PROJECT_SOURCE_DIR}/src/report")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/report.css" "${folder}/report.js")
    file(READ "${folder}/report.css" report_style)
    file(READ "${folder}/report.js" report_script)
    file(SHA256 "${folder}/report.js" report_script_sha256)
    configure_file("${folder}/report_assets.h.in" generated/report_assets.h @ONLY)
endfunction()

# unetflow_program(NAME source LINKS library...): an executable with its version compiled in.
function(unetflow_program NAME SOURCE)
    cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
    if (NOT EXISTS "${PROJECT_SOURCE_DIR}/${SOURCE}")
        return()
    endif ()
    add_executable(${NAME} ${SOURCE})
    unetflow_own_code(${NAME})
    target_link_libraries(${NAME} PRIVATE ${ARG_LINKS})
    install(TARGETS ${NAME})
endfunction()

# unetflow_tests(NAME KINDS kind... LINKS library...): tests/NAME/*.cpp as one program, and one ctest entry per kind,
# labelled with it. The kinds are Catch2 tags: definition gradient halo seam repeat error house. Tests tagged full are left out.
function(unetflow_tests NAME)
    cmake_parse_arguments(ARG "" "" "KINDS;LINKS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${NAME}/*.cpp")
    if (NOT sources)
        return()
    endif ()
    add_executable(${NAME}_tests ${sources})
    unetflow_own_code(${NAME}_tests)
    target_link_libraries(${NAME}_tests PRIVATE test_main ${ARG_LINKS})
    target_precompile_headers(${NAME}_tests REUSE_FROM test_main)
    target_compile_options(${NAME}_tests PRIVATE $<$<CONFIG:Release>:-O1>)
    foreach (kind IN LISTS ARG_KINDS)
        add_test(NAME ${NAME}.${kind} COMMAND ${NAME}_tests "[${kind}]~[full]" -w NoTests
                 WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
        # RapidCheck draws its cases from this seed: a failure comes again. Run a test program by hand for other cases.
        # PoCL compiles each kernel once for all tests.
        set_tests_properties(${NAME}.${kind} PROPERTIES LABELS ${kind}
                             ENVIRONMENT "RC_PARAMS=seed=1;POCL_CACHE_DIR=${PROJECT_BINARY_DIR}/pocl")
    endforeach ()
endfunction()
