# SPDX-License-Identifier: Apache-2.0
# raddle_target(name): what every target of ours shares: C++20, warnings, position-independent code, includes from the root.
function(raddle_target name)
  target_compile_features(${name} PUBLIC cxx_std_20)
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wno-unused-parameter
    -Wno-deprecated-declarations  # libstdc++ 12's own stable_sort trips over it with clang
    -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
    $<$<BOOL:${RADDLE_WERROR}>:-Werror>)
endfunction()

# raddle_test(name [PREFIX text] SOURCES... LIBS...): a GoogleTest binary, each of its tests known to ctest.
function(raddle_test name)
  cmake_parse_arguments(arg "" "PREFIX" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  raddle_target(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${name} TEST_PREFIX "${arg_PREFIX}" DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
