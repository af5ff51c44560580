#pragma once
#include "common/runtime/executor.hpp"

#include <boost/asio/io_context.hpp>

// For the .cpp files of this folder only: Asio's headers cost seconds in every file that sees them.
namespace sluice::http {

namespace net = boost::asio;
using boost::system::error_code;

/// What make_executor() runs on. An executor from elsewhere is a mistake in the wiring: throws std::logic_error.
net::io_context& io_of(runtime::Executor& executor);

}  // namespace sluice::http
