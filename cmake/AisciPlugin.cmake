# How a plugin is built, inside aisci's tree and outside it (find_package(aisci COMPONENTS plugin_sdk)).
#
#   aisci_add_plugin(NAME source... [SOURCES source...] [DATA folder] [LINK library...] [EXAMPLE]
#                    [ISOLATION auto|in-process|process] [REQUIRES need...])
#
# makes the target aisci_plugin_NAME: a module NAME.so, in C or C++, that exports aisci_plugin_v1 alone and leaves no
# symbol undefined; its manifest NAME.aisci.json; and, with DATA, a copy of that folder as `data` beside it, which its
# components find in Setup.data_folder. All of it goes to the folder lib/aisci/plugins/abi1/NAME of the build tree, and
# is installed to the same place under the prefix. An EXAMPLE, or a plugin of a test, is kept apart from the shipped
# ones, in the folder plugins/NAME of the build tree, and is not installed. Link third-party code statically: two
# plugins in one process may carry different versions of it. ISOLATION and REQUIRES go into the manifest: where the plugin
# wants to run, and the host services (aisci.host.model-task/1) and components (retriever/arxiv) it cannot do without.
include_guard(GLOBAL)
include(GNUInstallDirs)

function(aisci_add_plugin name)
  cmake_parse_arguments(ARG "EXAMPLE" "DATA;ISOLATION" "SOURCES;LINK;REQUIRES" ${ARGN})
  set(target aisci_plugin_${name})
  set(folder ${CMAKE_BINARY_DIR}/lib/aisci/plugins/abi1/${name})
  if(ARG_EXAMPLE)
    set(folder ${CMAKE_BINARY_DIR}/plugins/${name})
  endif()
  set(version_script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/aisci_plugin.map)
  if(TARGET aisci_plugin_manifest)  # aisci's own tree
    set(manifest aisci_plugin_manifest)
  else()
    set(manifest aisci::plugin_manifest)
  endif()

  set(wishes "")
  if(ARG_ISOLATION)
    list(APPEND wishes --isolation ${ARG_ISOLATION})
  endif()
  foreach(need IN LISTS ARG_REQUIRES)
    list(APPEND wishes --requires ${need})
  endforeach()

  add_library(${target} MODULE ${ARG_SOURCES} ${ARG_UNPARSED_ARGUMENTS})
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX ".so" OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${folder}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${version_script}
    # A plugin is opened through a descriptor, where $ORIGIN means nothing.
    SKIP_BUILD_RPATH ON INSTALL_RPATH "")
  target_link_libraries(${target} PRIVATE aisci::plugin_sdk ${ARG_LINK})
  if(TARGET aisci_build_flags)
    target_link_libraries(${target} PRIVATE aisci_build_flags)
  endif()
  # One segment for code and constants: a third off the size of a small plugin.
  target_link_options(${target} PRIVATE LINKER:--version-script=${version_script} LINKER:-z,noseparate-code)
  if(NOT AISCI_SANITIZE)  # a sanitizer's symbols come from the program
    target_link_options(${target} PRIVATE LINKER:-z,defs)
  endif()
  add_custom_command(TARGET ${target} POST_BUILD COMMAND ${manifest} ${wishes} $<TARGET_FILE:${target}> VERBATIM)
  add_dependencies(${target} ${manifest})

  if(ARG_DATA)
    get_filename_component(data ${ARG_DATA} ABSOLUTE)
    file(GLOB_RECURSE data_files CONFIGURE_DEPENDS ${data}/*)
    list(FILTER data_files EXCLUDE REGEX "/__pycache__/")
    set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${target}.data)
    add_custom_command(OUTPUT ${stamp}
      COMMAND ${CMAKE_COMMAND} -E rm -rf ${folder}/data
      COMMAND ${CMAKE_COMMAND} -E copy_directory ${data} ${folder}/data
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      DEPENDS ${data_files} VERBATIM)
    add_custom_target(${target}_data ALL DEPENDS ${stamp})
    add_dependencies(${target} ${target}_data)
  endif()

  if(NOT ARG_EXAMPLE)
    set_property(GLOBAL APPEND PROPERTY AISCI_SHIPPED_PLUGINS ${target})
    set(destination ${CMAKE_INSTALL_LIBDIR}/aisci/plugins/abi1/${name})
    install(TARGETS ${target} LIBRARY DESTINATION ${destination} COMPONENT plugins)
    if(ARG_DATA)
      install(DIRECTORY ${data}/ DESTINATION ${destination}/data COMPONENT plugins PATTERN __pycache__ EXCLUDE)
    endif()
    # Last, because stripping changes the file and its hash.
    list(TRANSFORM wishes REPLACE "(.+)" "\"\\1\"" OUTPUT_VARIABLE quoted)
    list(JOIN quoted " " quoted)
    install(CODE "execute_process(COMMAND \"$<TARGET_FILE:${manifest}>\" ${quoted}
      \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${destination}/${name}.so\" COMMAND_ERROR_IS_FATAL ANY)"
      COMPONENT plugins)
  endif()
endfunction()
