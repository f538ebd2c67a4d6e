# SPDX-License-Identifier: Apache-2.0
# raddle_program(name source): an instrumented program of this repository, and the test program.<name>, which runs it under
# `raddle run` and compares the findings with the source's `// EXPECT:` lines (tests/programs/expect.py explains them).
#   PLAIN_TEST  only build it, add no test     OPTIONS  more compile options     LIBS  more libraries
include_guard(GLOBAL)  # the root includes it, once the plugin is known
include(RaddleInstrument)
find_package(Python3 COMPONENTS Interpreter)

set(RADDLE_CONFIG_FILE ${PROJECT_BINARY_DIR}/${RADDLE_PRIVATE_DIR}/raddle.cfg)
set(RADDLE_CLANG_VERSION ${RADDLE_LLVM})

# Instrumented programs need the plugin, and the clang that it is for.
set(RADDLE_HAS_PROGRAMS OFF)
if(TARGET raddle_stamp AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^${RADDLE_LLVM}[.]")
  set(RADDLE_HAS_PROGRAMS ON)
else()
  message(STATUS "raddle: no plugin for this compiler, instrumented programs are left out")
endif()

function(raddle_program name source)
  cmake_parse_arguments(arg "PLAIN_TEST" "" "OPTIONS;LIBS" ${ARGN})
  if(NOT RADDLE_HAS_PROGRAMS)
    return()
  endif()
  add_executable(${name} ${source})
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_compile_options(${name} PRIVATE -Wall -Wextra ${arg_OPTIONS})
  target_link_libraries(${name} PRIVATE raddle ${arg_LIBS})
  raddle_instrument(${name})
  add_dependencies(${name} raddle_stamp)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  if(NOT arg_PLAIN_TEST)
    raddle_program_test(${name} "")
  endif()
endfunction()

# raddle_program_test(name variant arguments-of-expect.py...): one more test of a program, with other arguments.
function(raddle_program_test name variant)
  if(NOT TARGET ${name} OR NOT RADDLE_TESTS OR NOT TARGET raddle-cli OR NOT Python3_FOUND)
    return()
  endif()
  set(test program.${name})
  if(variant)
    string(APPEND test .${variant})
  endif()
  get_target_property(source ${name} SOURCES)
  cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  add_test(NAME ${test} COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/programs/expect.py
    --raddle $<TARGET_FILE:raddle-cli> --program $<TARGET_FILE:${name}> --source ${source} ${ARGN})
  set_tests_properties(${test} PROPERTIES TIMEOUT 120)
endfunction()
