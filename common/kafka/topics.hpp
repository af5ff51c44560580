#pragma once
#include "common/core/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sluice::kafka {

/// A topic with every setting that matters, given explicitly: several of Kafka's defaults would lose facts.
struct Topic {
    std::string name;
    int partitions = 1;
    std::vector<std::pair<std::string, std::string>> settings;
};

/// All topics of Sluice.
const std::vector<Topic>& topics();

/// One of them, or one with its settings under another name: tests and cells want that. Throws std::out_of_range where
/// `name` is none.
Topic topic(const std::string& name);
Topic topic_like(const std::string& name, std::string other_name);

/// Makes the topics that are not there yet, and leaves the others alone. Waits for the broker, at most `timeout_ms`.
core::Result<void> create_topics(const std::string& brokers, int replication,
                                 const std::vector<Topic>& wanted = topics(), int timeout_ms = 15'000);

/// Compares what is there with the table, and names the first setting that is wrong, what it is and what it must be.
/// Waits for the broker, at most `timeout_ms`.
core::Result<void> check_topics(const std::string& brokers, const std::vector<Topic>& wanted = topics(),
                                int timeout_ms = 15'000);

/// Deletes a topic with all that it holds. For tests.
core::Result<void> delete_topic(const std::string& brokers, const std::string& name, int timeout_ms = 15'000);

}  // namespace sluice::kafka
