#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What the tree says about the vocabulary in other words than C++: schemas, golden examples, AsyncAPI, the event flow.
namespace sluice::vocabulary {

/// Text by path from the repository's root.
using Files = std::map<std::string, std::string>;

/// All of it, from the types alone.
Files schemas();
Files examples();
Files ids();
Files asyncapi();
Files event_flow();

/// A golden example is a record's value and an end of line. Does today's code read it, and write the same bytes?
bool is_golden(const std::string& path, std::string_view text);

/// Writes what differs from the types into the tree below `root`, and returns the paths. A golden example that is still
/// one is left as it is: a person may have written it.
std::vector<std::string> write(const std::string& root);
/// Says in a sentence each what differs, and what to do.
std::vector<std::string> check(const std::string& root);

}  // namespace sluice::vocabulary
