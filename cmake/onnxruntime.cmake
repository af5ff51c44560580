# Imported target onnxruntime::onnxruntime from .dev/onnxruntime/{include,lib}, where ./dev setup puts it.
if(TARGET onnxruntime::onnxruntime)
  return()
endif()
set(ONNXRUNTIME_ROOT "${CMAKE_SOURCE_DIR}/.dev/onnxruntime" CACHE PATH "where ./dev put ONNX Runtime")
if(NOT EXISTS "${ONNXRUNTIME_ROOT}/lib/libonnxruntime.so.1")
  message(FATAL_ERROR "ONNX Runtime is not in ${ONNXRUNTIME_ROOT}: run ./dev setup")
endif()
# Global, because the test of common/onnx is another folder. Headers of an imported target give no warnings.
add_library(onnxruntime::onnxruntime SHARED IMPORTED GLOBAL)
set_target_properties(onnxruntime::onnxruntime PROPERTIES
  IMPORTED_LOCATION "${ONNXRUNTIME_ROOT}/lib/libonnxruntime.so.1"
  IMPORTED_SONAME libonnxruntime.so.1
  INTERFACE_INCLUDE_DIRECTORIES "${ONNXRUNTIME_ROOT}/include")
