#pragma once
#include "events/training.hpp"

// What an event of a job must say beyond its shape. Pure; each problem by JSON pointer, never with a value.
namespace sluice::listener {

std::vector<events::Problem> completeness(const events::TrainingCompleted& done);
std::vector<events::Problem> completeness(const events::TrainingStarted& started);
std::vector<events::Problem> completeness(const events::TrainingFailed& failed);

}  // namespace sluice::listener
