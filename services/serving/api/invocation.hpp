#pragma once
#include "common/http/message.hpp"
#include "services/serving/scoring.hpp"

// The scoring protocol of MLflow: what a request says, and what it is answered.
namespace sluice::serving {

inline constexpr std::size_t body_bytes_max = 1024 * 1024;
inline constexpr std::size_t rows_max = 1000;
inline constexpr std::size_t columns_max = 2000;
inline constexpr std::size_t cells_max = 250'000;

/// Exactly one of dataframe_split, dataframe_records and instances (a list of objects).
std::variant<Table, Mistake> read_invocation(const std::string& body);

/// {"predictions":[{"score":…}, …]}, or a problem; the headers say which version had the request.
http::Response write_answer(const Answer& answer);

}  // namespace sluice::serving
