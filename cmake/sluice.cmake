# What every target of Sluice has in common, and the three kinds of target that there are.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT DEFINED CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # A clone in another place hits only if the paths are taken as relative to the source folder.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
set(SLUICE_SANITIZE "" CACHE STRING "sanitizers, comma separated: address,undefined or thread")
if(SLUICE_SANITIZE)
  add_compile_options(-fsanitize=${SLUICE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${SLUICE_SANITIZE})
  if(SLUICE_SANITIZE MATCHES thread)
    add_compile_options(-Wno-tsan) # Asio has fences, which the sanitizer does not follow
  endif()
endif()

find_package(Threads REQUIRED)

# sluice_library(name DEPS …): all sources of this folder but main.cpp.
function(sluice_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;DEPS")
  file(GLOB found CONFIGURE_DEPENDS *.cpp)
  list(FILTER found EXCLUDE REGEX "/main\\.cpp$")
  list(APPEND found ${ARG_SOURCES})
  if(found)
    add_library(sluice_${name} STATIC ${found})
    target_include_directories(sluice_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(sluice_${name} PUBLIC ${ARG_DEPS})
  else()
    add_library(sluice_${name} INTERFACE)
    target_include_directories(sluice_${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(sluice_${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

# sluice_program(name DEPS …): main.cpp of this folder, as build/<preset>/bin/<name>.
function(sluice_program name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "DEPS")
  add_executable(${name} main.cpp)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# sluice_test(name DEPS …): all *_test.cpp of this folder, one program, as build/<preset>/tests/<name>.
# Tests are compiled once and run for a moment: while developing they are not optimised, unless they say OPTIMISED.
function(sluice_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "OPTIMISED" "" "SOURCES;DEPS")
  file(GLOB found CONFIGURE_DEPENDS *_test.cpp)
  add_executable(${name} ${found} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE SLUICE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(NOT ARG_OPTIMISED AND NOT CMAKE_BUILD_TYPE AND NOT SLUICE_SANITIZE)
    target_compile_options(${name} PRIVATE -O0 -g0)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
