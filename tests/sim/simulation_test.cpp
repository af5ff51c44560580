#include "tests/sim/world.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

using namespace sluice;
using namespace sluice::tests;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* wanted = std::getenv(name);
    return wanted ? std::strtoull(wanted, nullptr, 10) : otherwise;
}

using Reached = std::map<std::string, std::uint64_t>;

/// Runs a seed twice; what was broken, in words.
std::optional<std::string> run_twice(std::uint64_t seed, Reached& reached) {
    World once(seed), again(seed);
    const auto broken = once.run();
    again.run();
    if (once.trace_hash() != again.trace_hash()) return "the same seed did not do the same again";
    for (const auto& record : once.records())
        if (const auto front = events::peek(record.value))
            ++reached[std::string(events::name_and_version(front->type).first)];
    return broken;
}

/// A simulation that never comes to a fact proves nothing of it. Only these cannot happen in this world.
void expect_every_fact(const Reached& reached) {
    const std::set<std::string_view> elsewhere{"TrainingStarted", "TrainingFailed",    "TrainingRefused",
                                               "ArtifactStored",  "ServingNodeJoined", "ServingNodeLost"};
    events::for_each_fact<events::AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        EXPECT_TRUE(elsewhere.contains(Fact::name) || reached.contains(std::string(Fact::name))) << Fact::name;
    });
}

}  // namespace

/// SLUICE_SIM_SEEDS and SLUICE_SIM_SEED say how many seeds, and from which on.
TEST(Simulation, keeps_its_invariants_whatever_fails) {
    const auto first = setting("SLUICE_SIM_SEED", 1);
    const auto end = first + setting("SLUICE_SIM_SEEDS", 1000);
    std::atomic<std::uint64_t> next = first;
    std::mutex mutex;
    std::map<std::uint64_t, std::string> broken;
    Reached reached;
    const auto work = [&] {
        for (auto seed = next++; seed < end; seed = next++) {
            Reached here;
            const auto found = run_twice(seed, here);
            const std::lock_guard lock(mutex);
            for (const auto& [name, count] : here) reached[name] += count;
            if (found) broken[seed] = *found;
            if (broken.size() >= 5) return;
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) threads.emplace_back(work);
    threads.clear();
    for (const auto& [seed, what] : broken)
        ADD_FAILURE() << "seed " << seed << ": " << what << "\nrun it again: ./dev test sim --seed " << seed
                      << " --seeds 1";
    if (end - first >= 200) expect_every_fact(reached);
    for (const auto& [name, count] : reached) RecordProperty(name, std::to_string(count));
}

TEST(Simulation, does_different_things_from_different_seeds) {
    World one(1), other(2);
    one.run(), other.run();
    EXPECT_NE(one.trace_hash(), other.trace_hash());
}
