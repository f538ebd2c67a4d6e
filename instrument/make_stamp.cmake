# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT from TEMPLATE with a hash of the plugin and the configuration files.
set(all "")
foreach(file IN ITEMS ${PLUGIN} ${CONFIG_DIR}/raddle.cfg ${CONFIG_DIR}/raddle-compile.cfg
    ${CONFIG_DIR}/raddle-link.cfg)
  file(SHA256 ${file} hash)
  string(APPEND all ${hash})
endforeach()
string(SHA256 STAMP "${all}")
string(SUBSTRING ${STAMP} 0 16 STAMP)
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
