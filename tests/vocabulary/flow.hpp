#pragma once
#include "tests/vocabulary/deciders.hpp"

#include <string>
#include <vector>

// Who writes and who reads, from the deciders' types.
namespace sluice::vocabulary {

/// The services that may write it: its writer, or, where each writes its own, all that ask for the effect behind it.
template <class Fact> std::vector<std::string> writers_of() {
    if (Fact::writer != "each") return {std::string(Fact::writer)};
    std::vector<std::string> services;
    for_each_decider([&]<class Decider>(std::type_identity<Decider>) {
        if (!effect_behind<Decider, Fact>().empty()) services.emplace_back(Decider::name);
    });
    return services;
}

template <class Fact> std::vector<std::string> readers_of() {
    std::vector<std::string> services;
    for_each_decider([&]<class Decider>(std::type_identity<Decider>) {
        if (names<typename Decider::Inputs, Fact>()) services.emplace_back(Decider::name);
    });
    return services;
}

}  // namespace sluice::vocabulary
