# Imported target onnxruntime::onnxruntime, from the folder that dev.d/setup/fetch_onnxruntime.sh filled.
set(ONNXRUNTIME_ROOT "${CMAKE_SOURCE_DIR}/.dev/onnxruntime" CACHE PATH "where ./dev setup put ONNX Runtime")
if(NOT EXISTS "${ONNXRUNTIME_ROOT}/lib/libonnxruntime.so.1")
  message(FATAL_ERROR "ONNX Runtime is not in ${ONNXRUNTIME_ROOT}: run ./dev setup")
endif()
add_library(onnxruntime::onnxruntime SHARED IMPORTED GLOBAL)
set_target_properties(onnxruntime::onnxruntime PROPERTIES
  IMPORTED_LOCATION "${ONNXRUNTIME_ROOT}/lib/libonnxruntime.so.1"
  IMPORTED_SONAME libonnxruntime.so.1
  INTERFACE_INCLUDE_DIRECTORIES "${ONNXRUNTIME_ROOT}/include")
