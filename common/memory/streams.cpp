#include "common/memory/streams.hpp"

#include <algorithm>

namespace sluice::memory {
namespace {

/// FNV-1a: the same partition for the same key on every machine.
std::uint32_t spread(const std::string& key) {
    std::uint32_t hash = 2166136261u;
    for (const char c : key) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
    return hash;
}

}  // namespace

const std::vector<runtime::StreamRecord>& Streams::records(const std::string& topic, std::int32_t partition) const {
    static const std::vector<runtime::StreamRecord> none;
    const auto at = records_.find({topic, partition});
    return at == records_.end() ? none : at->second;
}

void Streams::put(const std::string& topic, std::string key, std::string value) {
    const auto partition = static_cast<std::int32_t>(spread(key) % static_cast<std::uint32_t>(partitions_));
    auto& records = records_[{topic, partition}];
    records.push_back({partition, static_cast<std::int64_t>(records.size()), now_, std::move(key), std::move(value)});
    // A wake-up may open or close subscribers.
    const auto wakes = wakes_;
    for (const auto& [id, wake] : wakes)
        if (wakes_.contains(id)) wake();
}

core::Result<void> Publisher::publish(const std::string& topic, std::string key, std::string value) {
    if (value.size() > runtime::stream_value_size_max)
        return ++counts_.dropped, runtime::stream_value_too_large(topic, value);
    ++(streams_.failing() ? counts_.failed : counts_.delivered);
    if (!streams_.failing()) streams_.put(topic, std::move(key), std::move(value));
    return {};
}

Subscriber::Subscriber(Streams& streams, std::string topic, Offsets from)
    : streams_{streams}, topic_{std::move(topic)}, wake_id_{streams.next_wake_id_++}, next_{std::move(from)} {
    for (std::int32_t partition = 0; partition < streams_.partitions(); ++partition) {
        const auto end = static_cast<std::int64_t>(streams_.records(topic_, partition).size());
        auto& next = next_[partition];
        if (next > end) next = 0;
        ends_at_start_[partition] = end;
    }
}

std::vector<runtime::StreamRecord> Subscriber::take(std::size_t records_max) {
    std::vector<runtime::StreamRecord> taken;
    for (auto& [partition, next] : next_) {
        const auto& records = streams_.records(topic_, partition);
        for (; next < static_cast<std::int64_t>(records.size()) && taken.size() < records_max; ++next)
            taken.push_back(records[static_cast<std::size_t>(next)]);
    }
    const auto wake = streams_.wakes_.find(wake_id_);
    if (taken.size() == records_max && wake != streams_.wakes_.end()) wake->second();
    return taken;
}

bool Subscriber::caught_up() const {
    return std::all_of(ends_at_start_.begin(), ends_at_start_.end(),
                       [&](const auto& end) { return next_.at(end.first) >= end.second; });
}

}  // namespace sluice::memory
