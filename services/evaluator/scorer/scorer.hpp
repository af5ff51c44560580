#pragma once
#include "common/app/scorer_wire.hpp"

#include <cstdint>
#include <string>

// What sluice-scorer does: opens one model, and scores with it what it is told to. One process, one request, one
// answer.
namespace sluice::scorer {

inline constexpr std::uint64_t data_bytes_max = 1ULL << 30;
inline constexpr std::uint64_t warm_rows_max = 100'000;
inline constexpr double probe_tolerance = 1e-4;

/// Scores the model, and the champion, on the data set, and the model on its probe set. Throws Refusal and TryAgain.
app::Evaluated evaluate(const app::EvaluateRequest& request);

/// Opens the model and scores with it once a single row and once a batch, of zeros. Throws Refusal and TryAgain.
app::Warmed warm(const app::WarmRequest& request);

/// The answer to one request, both as JSON. Throws TryAgain.
std::string answer(const std::string& request);

}  // namespace sluice::scorer
