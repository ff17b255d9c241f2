# Writes what a build with UNETFLOW_PROFILE, or auto, reads of KERNEL on TARGET in FOLDER to OUTPUT: "profiles:knobs".
cmake_minimum_required(VERSION 3.28)
include("${CMAKE_CURRENT_LIST_DIR}/../../cmake/Profiles.cmake")
if (NOT DEFINED UNETFLOW_PROFILE)
    set(UNETFLOW_PROFILE auto)
endif ()
unetflow_profiles("${FOLDER}" names)
unetflow_profile_knobs("${FOLDER}" "${names}" ${KERNEL} ${TARGET} knobs)
file(WRITE "${OUTPUT}" "${names}:${knobs}")
