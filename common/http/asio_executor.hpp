#pragma once
#include "common/runtime/executor.hpp"

#include <memory>

namespace sluice::http {

/// The executor of real processes. Servers and clients of this room work on no other.
std::unique_ptr<runtime::Executor> make_executor();

}  // namespace sluice::http
