# What find_package(aisci) finds: aisci::aisci, and the components mcts, statistics and plugin_sdk, each usable alone.
include(CMakePackageConfigHelpers)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/aisci DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
foreach(part status mcts statistics)
  set_target_properties(aisci_${part} PROPERTIES EXPORT_NAME ${part})
endforeach()
install(TARGETS aisci aisci_status aisci_mcts aisci_statistics aisci_plugin_sdk aisci_plugin_manifest EXPORT aisciTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT aisciTargets NAMESPACE aisci:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aisci)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/aisciConfig.cmake.in ${PROJECT_BINARY_DIR}/aisciConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aisci)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/aisciConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/aisciConfig.cmake ${PROJECT_BINARY_DIR}/aisciConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/AisciPlugin.cmake ${CMAKE_CURRENT_LIST_DIR}/aisci_plugin.map DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aisci)
