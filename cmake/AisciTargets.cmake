# How every target of the tree is made: one place for warnings, sanitizers and layout.

find_package(Threads REQUIRED)

# What every target compiles with. PRIVATE to the build: never reaches a consumer.
add_library(aisci_build_flags INTERFACE)
target_compile_options(aisci_build_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # A false alarm about std::string's operator+ (GCC bug 105651).
  target_compile_options(aisci_build_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(AISCI_WARNINGS_AS_ERRORS)
  target_compile_options(aisci_build_flags INTERFACE -Werror)
endif()
if(AISCI_SANITIZE)
  target_compile_options(aisci_build_flags INTERFACE -fsanitize=${AISCI_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(aisci_build_flags INTERFACE -fsanitize=${AISCI_SANITIZE})
endif()

# aisci_internal_library(name SOURCES ... [DEPENDS ...] [PRIVATE_DEPENDS ...])
# An internal static PIC library of lib/NAME: headers are included as "name/file.hpp".
function(aisci_internal_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(aisci_${name} STATIC ${ARG_SOURCES})
  target_compile_features(aisci_${name} PUBLIC cxx_std_20)
  target_include_directories(aisci_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
  target_link_libraries(aisci_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS} $<BUILD_INTERFACE:aisci_build_flags>)
endfunction()

# Builds every test that carries the label "threads": what the thread sanitizer has to see.
add_custom_target(aisci_thread_tests)

# aisci_test(name SOURCES ... DEPENDS ... [LABELS ...] [SHARDS n])
# A GoogleTest program tests/.../NAME, one ctest entry for the whole program; with SHARDS, n entries NAME_0 ... that
# divide its cases among them.
function(aisci_test name)
  cmake_parse_arguments(ARG "" "SHARDS" "SOURCES;DEPENDS;LABELS;ENVIRONMENT" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} GTest::gtest_main aisci_build_flags)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE AISCI_SOURCE_DIR="${PROJECT_SOURCE_DIR}" AISCI_BINARY_DIR="${PROJECT_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if("threads" IN_LIST ARG_LABELS)
    add_dependencies(aisci_thread_tests ${name})
  endif()
  if(NOT ARG_SHARDS)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" ENVIRONMENT "${ARG_ENVIRONMENT}" TIMEOUT 600)
    return()
  endif()
  # Long: begun before all others, so that no core waits for its last case.
  math(EXPR last "${ARG_SHARDS} - 1")
  foreach(shard RANGE ${last})
    add_test(NAME ${name}_${shard} COMMAND ${name})
    set_tests_properties(${name}_${shard} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 1500 COST 1000
      ENVIRONMENT "${ARG_ENVIRONMENT};GTEST_TOTAL_SHARDS=${ARG_SHARDS};GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()
