# SPDX-License-Identifier: Apache-2.0
# What find_package(raddle) needs. Each room installs its own programs and files.
include(CMakePackageConfigHelpers)

install(TARGETS raddle EXPORT raddleTargets LIBRARY)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/runtime/include/ TYPE INCLUDE FILES_MATCHING PATTERN "*.h")

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/raddle)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/raddleConfig.cmake.in
  ${PROJECT_BINARY_DIR}/cmake/raddleConfig.cmake
  INSTALL_DESTINATION ${package_dir} PATH_VARS RADDLE_PRIVATE_DIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/raddleConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT raddleTargets NAMESPACE raddle:: DESTINATION ${package_dir})
install(FILES
  ${PROJECT_BINARY_DIR}/cmake/raddleConfig.cmake ${PROJECT_BINARY_DIR}/cmake/raddleConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/RaddleInstrument.cmake
  DESTINATION ${package_dir})

install(FILES ${PROJECT_SOURCE_DIR}/share/report.schema.json TYPE DATA RENAME raddle/report.schema.json)

# gdb loads a script of this name with the library, where auto-loading is allowed.
install(FILES ${PROJECT_SOURCE_DIR}/share/raddle-gdb.py DESTINATION ${CMAKE_INSTALL_LIBDIR} RENAME libraddle.so-gdb.py)

# raddle.cfg finds the public headers from its own place; in the build tree they are a link away.
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/runtime/include ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_INCLUDEDIR} SYMBOLIC)
