#pragma once
#include "events/codec.hpp"
#include "services/listener/decider.hpp"

// What an event says, as the fact that it becomes.
namespace sluice::listener {

/// The types of events that are taken, for people.
std::string known_types();

/// The fact that an event's data become, or what is wrong with them; nothing where the type is not known. A fact that
/// is complete by itself is no proof that what it names is in the artifact store.
std::optional<events::Decoded<Inputs>> read_content(std::string_view type, const std::string& data);

}  // namespace sluice::listener
