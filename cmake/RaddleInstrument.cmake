# SPDX-License-Identifier: Apache-2.0
# raddle_instrument(target...): compiles the targets' C and C++ sources with raddle's flag and links them with it, and
# whatever links them. The plugin works inside the clang it was built for; any other compiler is refused.
#
# RADDLE_CONFIG_FILE (raddle.cfg) and RADDLE_CLANG_VERSION (its clang's major version) come from raddleConfig.cmake.
# raddle_instrument_by_tsan(target...): the same by ThreadSanitizer's instrumentation, with any clang or GCC. -fsanitize=thread must
# not be among the flags for linking: it would bring ThreadSanitizer's own runtime.
function(raddle_instrument_by_tsan)
  cmake_path(GET RADDLE_CONFIG_FILE PARENT_PATH private_dir)
  cmake_path(GET private_dir PARENT_PATH library_dir)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE
      $<$<COMPILE_LANGUAGE:C,CXX>:-fsanitize=thread> $<$<COMPILE_LANGUAGE:C,CXX>:-g> $<$<COMPILE_LANGUAGE:C,CXX>:-fno-omit-frame-pointer>)
    target_link_options(${target} PUBLIC -pthread -L${library_dir} -Wl,-rpath,${library_dir}
      "SHELL:-Wl,--push-state,--no-as-needed -lraddle -Wl,--pop-state")
  endforeach()
endfunction()

function(raddle_instrument)
  foreach(language IN ITEMS C CXX)
    if(CMAKE_${language}_COMPILER AND NOT (CMAKE_${language}_COMPILER_ID STREQUAL "Clang"
        AND CMAKE_${language}_COMPILER_VERSION VERSION_GREATER_EQUAL ${RADDLE_CLANG_VERSION}
        AND CMAKE_${language}_COMPILER_VERSION VERSION_LESS ${RADDLE_CLANG_VERSION}.99))
      message(FATAL_ERROR "raddle_instrument: raddle's plugin needs clang ${RADDLE_CLANG_VERSION}, but the ${language} compiler is "
        "${CMAKE_${language}_COMPILER_ID} ${CMAKE_${language}_COMPILER_VERSION} (${CMAKE_${language}_COMPILER}). Configure with "
        "-DCMAKE_C_COMPILER=clang-${RADDLE_CLANG_VERSION} -DCMAKE_CXX_COMPILER=clang++-${RADDLE_CLANG_VERSION}.")
    endif()
  endforeach()
  cmake_path(GET RADDLE_CONFIG_FILE PARENT_PATH private_dir)
  foreach(target IN LISTS ARGN)
    get_target_property(type ${target} TYPE)
    get_target_property(options ${target} LINK_OPTIONS)
    if(type STREQUAL EXECUTABLE AND "${CMAKE_EXE_LINKER_FLAGS} ${options}" MATCHES "(^|[ ;])-static(-pie)?($|[ ;])")
      message(FATAL_ERROR "raddle_instrument: ${target} is linked with -static, and raddle's runtime is a shared library: leave "
        "-static out of CMAKE_EXE_LINKER_FLAGS and the target's link options.")
    endif()
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C,CXX>:--config=${RADDLE_CONFIG_FILE}>)
    target_link_options(${target} PUBLIC --config=${RADDLE_CONFIG_FILE})
    # Neither make nor ninja knows that an object file depends on the compiler's plugin.
    get_target_property(sources ${target} SOURCES)
    set_property(SOURCE ${sources} TARGET_DIRECTORY ${target} APPEND PROPERTY OBJECT_DEPENDS
      "${RADDLE_CONFIG_FILE};${private_dir}/raddle_stamp.h")
  endforeach()
endfunction()
