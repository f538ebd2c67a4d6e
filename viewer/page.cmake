# SPDX-License-Identifier: Apache-2.0
# The viewer of HTML reports: one file of JavaScript with the WebAssembly in it, made from the same sources as raddle-view by
# Emscripten. `raddle check --format html` puts it into each page. Included by viewer/CMakeLists.txt.
find_program(RADDLE_EMCC em++)
set(imgui ${RADDLE_IMGUI_DIR})
if(NOT imgui)
  set(imgui ${PROJECT_SOURCE_DIR}/build/imgui)  # where scripts/setup --html puts Debian's sources: the package has none
endif()
set(missing "")
if(NOT RADDLE_EMCC)
  list(APPEND missing "em++ (emscripten)")
endif()
if(NOT EXISTS ${imgui}/imgui.cpp)
  list(APPEND missing "Dear ImGui's sources (scripts/setup --html, or RADDLE_IMGUI_DIR)")
endif()
if(missing)
  list(JOIN missing ", " missing)
  message(STATUS "raddle: HTML reports will have pictures instead of a viewer, for want of: ${missing}")
  return()
endif()

# Debian's Emscripten needs node's modules named.
set(emcc ${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs ${RADDLE_EMCC})
set(flags -std=c++20 -O2 -DNDEBUG -DImDrawIdx=unsigned -I${PROJECT_SOURCE_DIR} -isystem ${imgui} -isystem ${RADDLE_STB_DIR})
set(sources ${imgui}/imgui.cpp ${imgui}/imgui_draw.cpp ${imgui}/imgui_tables.cpp ${imgui}/imgui_widgets.cpp
  ${PROJECT_SOURCE_DIR}/trace/event.cpp)
foreach(room IN ITEMS raddle_model raddle_viewer_layout raddle_viewer_panes raddle_viewer_raster)
  get_target_property(room_sources ${room} SOURCES)
  get_target_property(room_folder ${room} SOURCE_DIR)
  list(TRANSFORM room_sources PREPEND ${room_folder}/)
  list(APPEND sources ${room_sources})
endforeach()
foreach(name IN ITEMS fonts keys page page_notes session side)
  list(APPEND sources ${CMAKE_CURRENT_SOURCE_DIR}/app/${name}.cpp)
endforeach()
list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/raster/png.cpp)

set(objects "")
foreach(source IN LISTS sources)
  string(MAKE_C_IDENTIFIER ${source} name)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/page/${name}.o)
  add_custom_command(OUTPUT ${object} DEPFILE ${object}.d DEPENDS ${source} VERBATIM
    COMMAND ${emcc} ${flags} -MD -MF ${object}.d -MT ${object} -c ${source} -o ${object}
    COMMENT "Compiling ${source} for HTML reports")
  list(APPEND objects ${object})
endforeach()
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/page)

set(page ${PROJECT_BINARY_DIR}/${RADDLE_PRIVATE_DIR}/page_viewer.js)
add_custom_command(OUTPUT ${page} DEPENDS ${objects} ${CMAKE_CURRENT_SOURCE_DIR}/app/page.js VERBATIM
  COMMAND ${emcc} -O2 ${objects} -o ${page} --extern-pre-js ${CMAKE_CURRENT_SOURCE_DIR}/app/page.js
    -sSINGLE_FILE=1 -sENVIRONMENT=web -sALLOW_MEMORY_GROWTH=1 -sEXPORTED_FUNCTIONS=_malloc,_free -sEXPORTED_RUNTIME_METHODS=UTF8ToString
  COMMENT "Linking the viewer of HTML reports")
add_custom_target(raddle_page_viewer ALL DEPENDS ${page})
install(FILES ${page} DESTINATION ${RADDLE_PRIVATE_DIR})
