#include "common/kafka/topics.hpp"

#include "common/kafka/client.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <stdexcept>
#include <thread>

namespace sluice::kafka {
namespace {

constexpr auto for_ever = "-1";
constexpr auto days_7 = "604800000";
constexpr auto days_30 = "2592000000";

/// min.insync.replicas is not in the table: it follows from how many replicas there are.
Topic log_kept(const std::string& name, int partitions, const std::string& retention_ms) {
    return {name,
            partitions,
            {{"cleanup.policy", "delete"},
             {"retention.ms", retention_ms},
             {"retention.bytes", "-1"},
             {"unclean.leader.election.enable", "false"},
             {"max.message.bytes", "131072"},
             {"message.timestamp.type", "LogAppendTime"},
             {"compression.type", "producer"},
             {"segment.bytes", "134217728"}}};
}

std::string min_insync(int replicas) { return replicas >= 3 ? "2" : "1"; }

template <auto End> struct Ending {
    template <class T> void operator()(T* owned) const { End(owned); }
};
template <class T, auto End> using Owned = std::unique_ptr<T, Ending<End>>;

using EventOwned = Owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using QueueOwned = Owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using OptionsOwned = Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using NewTopicOwned = Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using ResourceOwned = Owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using MetadataOwned = Owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;

core::Failure away(const std::string& brokers, const std::string& what) {
    return core::Failure::retryable("Kafka at " + brokers + " does not answer: " + what,
                                    "see that the broker runs and that SLUICE_KAFKA_BROKERS names it");
}

/// One connection for one question.
class Admin {
public:
    Admin(const std::string& brokers, int timeout_ms)
        : brokers_{brokers}, timeout_ms_{timeout_ms}, client_{Client::Kind::producer, brokers, "sluice-topics", {}} {}

    /// `ask(client, options, queue)` sends the question; its result must have the type of `answer`.
    template <class Ask> core::Result<EventOwned> ask(rd_kafka_admin_op_t operation, Ask ask) {
        const OptionsOwned options{rd_kafka_AdminOptions_new(client_.get(), operation)};
        std::array<char, 512> error{};
        rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms_, error.data(), error.size());
        const QueueOwned queue{rd_kafka_queue_new(client_.get())};
        ask(client_.get(), options.get(), queue.get());
        EventOwned event{rd_kafka_queue_poll(queue.get(), timeout_ms_ + 1000)};
        if (!event) return away(brokers_, "no answer in time");
        if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
            return away(brokers_, rd_kafka_event_error_string(event.get()));
        return event;
    }

    core::Result<MetadataOwned> metadata() {
        const rd_kafka_metadata_t* found = nullptr;
        const auto error = rd_kafka_metadata(client_.get(), 1, nullptr, &found, timeout_ms_);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return away(brokers_, rd_kafka_err2str(error));
        return MetadataOwned{found};
    }

private:
    std::string brokers_;
    int timeout_ms_;
    Client client_;
};

NewTopicOwned new_topic(const Topic& wanted, int replication) {
    std::array<char, 512> error{};
    NewTopicOwned made{
        rd_kafka_NewTopic_new(wanted.name.c_str(), wanted.partitions, replication, error.data(), error.size())};
    if (!made) throw std::runtime_error("topic " + wanted.name + ": " + error.data());
    for (const auto& [name, value] : wanted.settings)
        rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
    rd_kafka_NewTopic_set_config(made.get(), "min.insync.replicas", min_insync(replication).c_str());
    return made;
}

core::Result<void> all_went_well(const rd_kafka_topic_result_t* const* results, std::size_t count,
                                 rd_kafka_resp_err_t also_well) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto error = rd_kafka_topic_result_error(results[i]);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == also_well) continue;
        const auto* why = rd_kafka_topic_result_error_string(results[i]);
        return core::Failure::fatal(std::string("topic ") + rd_kafka_topic_result_name(results[i]) + ": " +
                                        (why ? why : rd_kafka_err2str(error)),
                                    "see that there are as many brokers as replicas, and the right to do this");
    }
    return {};
}

const rd_kafka_metadata_topic* find_topic(const rd_kafka_metadata_t& metadata, const std::string& name) {
    const rd_kafka_metadata_topic_t* first = metadata.topics;
    const auto* end = first + metadata.topic_cnt;
    const auto* found = std::find_if(first, end, [&](const auto& each) { return each.topic == name; });
    return found == end ? nullptr : found;
}

/// A topic that was made is known to the brokers a moment later.
core::Result<void> wait_until_known(Admin& admin, const std::vector<Topic>& wanted, int timeout_ms) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
    for (;;) {
        const auto metadata = admin.metadata();
        if (!metadata) return metadata.failure();
        const auto known = [&](const Topic& each) {
            const auto* there = find_topic(**metadata, each.name);
            return there && there->partition_cnt > 0 && there->partitions[0].leader >= 0;
        };
        if (std::all_of(wanted.begin(), wanted.end(), known)) return {};
        if (std::chrono::steady_clock::now() > give_up)
            return core::Failure::retryable("the topics were made, but the brokers do not name them yet",
                                            "try again in a moment");
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

core::Failure wrong(const std::string& topic, const std::string& setting, const std::string& is,
                    const std::string& must) {
    return core::Failure::fatal("topic " + topic + ": " + setting + " is " + is + " and must be " + must,
                                setting == "partitions"
                                    ? "a topic cannot lose partitions: move its records to a new one"
                                    : "set it with kafka-configs --alter");
}

core::Result<std::map<std::string, std::string>> settings_of(Admin& admin, const std::string& name) {
    auto answer = admin.ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, [&](auto* client, auto* options, auto* queue) {
        const ResourceOwned resource{rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str())};
        auto* asked = resource.get();
        rd_kafka_DescribeConfigs(client, &asked, 1, options, queue);
    });
    if (!answer) return answer.failure();
    std::size_t count = 0;
    const auto* const* resources =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(answer->get()), &count);
    if (count != 1 || rd_kafka_ConfigResource_error(resources[0]) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return core::Failure::retryable("the settings of topic " + name + " cannot be read",
                                        "see that this user may describe it");
    std::map<std::string, std::string> found;
    const auto* const* entries = rd_kafka_ConfigResource_configs(resources[0], &count);
    for (std::size_t i = 0; i < count; ++i)
        if (const auto* value = rd_kafka_ConfigEntry_value(entries[i]))
            found[rd_kafka_ConfigEntry_name(entries[i])] = value;
    return found;
}

core::Result<void> check_topic(Admin& admin, const rd_kafka_metadata_t& metadata, const Topic& wanted) {
    const auto* there = find_topic(metadata, wanted.name);
    if (!there || there->partition_cnt == 0)
        return core::Failure::retryable("topic " + wanted.name + " is not there", "make it with sluice-topics create");
    // More partitions than in the table only spread a voluminous topic further; a second one would break the ledger's
    // order.
    const bool few = there->partition_cnt < wanted.partitions;
    if (few || (wanted.partitions == 1 && there->partition_cnt != 1))
        return wrong(wanted.name, "partitions", std::to_string(there->partition_cnt),
                     std::to_string(wanted.partitions));
    const auto found = settings_of(admin, wanted.name);
    if (!found) return found.failure();
    auto must = wanted.settings;
    must.emplace_back("min.insync.replicas", min_insync(there->partitions[0].replica_cnt));
    for (const auto& [setting, value] : must) {
        const auto is = found->find(setting);
        if (is == found->end() || is->second != value)
            return wrong(wanted.name, setting, is == found->end() ? "not known" : is->second, value);
    }
    return {};
}

}  // namespace

const std::vector<Topic>& topics() {
    static const std::vector<Topic> table{
        log_kept("sluice.ledger", 1, for_ever),
        log_kept("sluice.features", 4, for_ever),  // folded from the start, and not compacted: all of it is wanted
        log_kept("sluice.telemetry", 4, days_7),
        log_kept("sluice.intake", 4, days_30),
        log_kept("sluice.quarantine", 1, for_ever),
    };
    return table;
}

Topic topic(const std::string& name) {
    for (const auto& each : topics())
        if (each.name == name) return each;
    throw std::out_of_range("no topic of Sluice is called " + name);
}

Topic topic_like(const std::string& name, std::string other_name) {
    auto made = topic(name);
    made.name = std::move(other_name);
    return made;
}

core::Result<void> create_topics(const std::string& brokers, int replication, const std::vector<Topic>& wanted,
                                 int timeout_ms) {
    Admin admin{brokers, timeout_ms};
    std::vector<NewTopicOwned> made;
    std::vector<rd_kafka_NewTopic_t*> asked;
    for (const auto& each : wanted) asked.push_back(made.emplace_back(new_topic(each, replication)).get());
    const auto answer = admin.ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, [&](auto* client, auto* options, auto* queue) {
        rd_kafka_CreateTopics(client, asked.data(), asked.size(), options, queue);
    });
    if (!answer) return answer.failure();
    std::size_t count = 0;
    const auto* const* results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer->get()), &count);
    if (auto well = all_went_well(results, count, RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS); !well) return well;
    return wait_until_known(admin, wanted, timeout_ms);
}

core::Result<void> check_topics(const std::string& brokers, const std::vector<Topic>& wanted, int timeout_ms) {
    Admin admin{brokers, timeout_ms};
    const auto metadata = admin.metadata();
    if (!metadata) return metadata.failure();
    for (const auto& each : wanted)
        if (auto checked = check_topic(admin, **metadata, each); !checked) return checked;
    return {};
}

core::Result<void> delete_topic(const std::string& brokers, const std::string& name, int timeout_ms) {
    Admin admin{brokers, timeout_ms};
    const Owned<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy> doomed{rd_kafka_DeleteTopic_new(name.c_str())};
    const auto answer = admin.ask(RD_KAFKA_ADMIN_OP_DELETETOPICS, [&](auto* client, auto* options, auto* queue) {
        auto* asked = doomed.get();
        rd_kafka_DeleteTopics(client, &asked, 1, options, queue);
    });
    if (!answer) return answer.failure();
    std::size_t count = 0;
    const auto* const* results =
        rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(answer->get()), &count);
    return all_went_well(results, count, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
}

}  // namespace sluice::kafka
