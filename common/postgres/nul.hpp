#pragma once
#include <string>
#include <string_view>

// What Postgres text and jsonb cannot hold.
namespace sluice::postgres {

/// Each character NUL becomes U+FFFD.
std::string without_nul(std::string_view text);

/// Each escaped NUL in a JSON text becomes U+FFFD. An escaped backslash before `u0000` is left alone.
std::string json_without_nul(std::string_view json);

}  // namespace sluice::postgres
