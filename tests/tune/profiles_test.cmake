# cmake/Profiles.cmake: which profiles a build takes, and which knobs. FOLDER: an empty one.
cmake_minimum_required(VERSION 3.28)
include("${CMAKE_CURRENT_LIST_DIR}/../../cmake/Profiles.cmake")

function(expect WHAT IS WANTED)
    if (NOT "${IS}" STREQUAL "${WANTED}")
        message(FATAL_ERROR "${WHAT}: ${IS}, not ${WANTED}")
    endif ()
endfunction()

file(REMOVE_RECURSE "${FOLDER}")
file(WRITE "${FOLDER}/cpuinfo" "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: Xeon\n"
     "processor\t: 1\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\n")
file(WRITE "${FOLDER}/gpus/0000:01:00.0/information" "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ: 5\n")
unetflow_machines(machines "${FOLDER}/cpuinfo" "${FOLDER}/gpus")
expect("the machine" "${machines}" "GenuineIntel family 6 model 143;NVIDIA H100 80GB HBM3")
unetflow_machines(nothing "${FOLDER}/none" "${FOLDER}/none")
expect("a machine that says nothing" "${nothing}" "")

set(profiles "${FOLDER}/profiles")
file(WRITE "${profiles}/generic.txt" "# text\nconv3x3 avx2    blocks=1 pixels=6  # 5 of 8=4\nconv3x3 avx512  blocks=4\nconv1x1 avx2 rows=8\n")
file(WRITE "${profiles}/xeon.txt" "# machine: GenuineIntel family 6 model 143\nconv3x3   avx512  blocks=2 pixels=12 rows=4   # 3.1 to 2.9 ms, 6.9 %\n")
file(WRITE "${profiles}/h100.txt" "# machine: NVIDIA H100 80GB HBM3\nconv3x3 cuda pixels=3\n")
file(WRITE "${profiles}/other.txt" "# machine: GenuineIntel family 6 model 14\nconv3x3 avx512 blocks=1\n")
unetflow_profiles_of("${profiles}" "${machines}" here)
list(SORT here)
expect("profiles of the machine" "${here}" "h100;xeon")

set(UNETFLOW_PROFILE generic)
unetflow_profiles("${profiles}" names)
expect("generic" "${names}" "generic")
set(UNETFLOW_PROFILE "xeon;h100")
unetflow_profiles("${profiles}" names)
expect("named profiles" "${names}" "xeon;h100;generic")

foreach (line IN ITEMS "conv3x3 avx512 blocks=2;pixels=12;rows=4" "conv3x3 avx2 blocks=1;pixels=6" "conv3x3 cuda pixels=3"
                       "conv1x1 avx2 rows=8" "conv1x1 avx512 " "conv3x3_pair avx2 ")
    string(REGEX MATCH "^([^ ]+) ([^ ]+) (.*)$" all "${line}")
    set(wanted "${CMAKE_MATCH_3}")
    unetflow_profile_knobs("${profiles}" "${names}" ${CMAKE_MATCH_1} ${CMAKE_MATCH_2} knobs)
    expect("${line}" "${knobs}" "${wanted}")
endforeach ()
# One that is not there, in a process of its own, which it ends.
execute_process(COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${profiles}" -DUNETFLOW_PROFILE=xenon -DKERNEL=conv3x3 -DTARGET=avx2
                        "-DOUTPUT=${FOLDER}/out" -P "${CMAKE_CURRENT_LIST_DIR}/read_profile.cmake"
                RESULT_VARIABLE code ERROR_VARIABLE words)
string(REGEX REPLACE "[ \n]+" " " words "${words}")
if (code EQUAL 0 OR NOT words MATCHES "there is no .*/xenon.txt. Make it with unetflow-tune, or choose auto or generic.")
    message(FATAL_ERROR "a profile that is not there: ${code}, ${words}")
endif ()
message(STATUS "profiles: ok")
