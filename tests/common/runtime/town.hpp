#pragma once
#include "common/memory/ledger.hpp"
#include "common/runtime/loop.hpp"
#include "tests/support/ringer.hpp"

#include <deque>

// A ledger, a bell, and one loop that serves them.
namespace sluice::tests {

/// A record's value here: the binary form of what was written. One byte before it says how it may be read.
struct Line {
    core::Head head;
    std::optional<Ringer::Inputs> input;
    std::optional<Ringer::Outputs> own;
    SLUICE_FIELDS(Line, head, input, own)
};

inline std::string line(const core::Stamp& stamp, std::optional<Ringer::Inputs> input,
                        std::optional<Ringer::Outputs> own) {
    Line line{{stamp.id, stamp.cause, stamp.correlation, 0, stamp.basis.value_or(0), stamp.seen, stamp.time,
               stamp.service, stamp.actor, stamp.trace},
              std::move(input),
              std::move(own)};
    return "=" + core::encode(line);
}

/// A value "foreign" is nobody's, "newer" has a schema that this build does not read, "broken" makes the reader throw.
inline core::Codec<Ringer> town_codec() {
    using Read = core::Result<std::optional<core::Incoming<Ringer>>>;
    core::Codec<Ringer> codec;
    codec.read = [](const core::Record& record) -> Read {
        if (record.value == "foreign") return std::optional<core::Incoming<Ringer>>{};
        if (record.value == "newer") return core::Failure::fatal("a newer schema", "upgrade");
        auto read = core::decode<Line>(std::string_view(record.value).substr(1));
        read.head.position = record.position;
        return std::optional{core::Incoming<Ringer>{read.head, read.input, read.own}};
    };
    codec.write_decided = [](const core::Stamp& stamp, const Ringer::Outputs& fact) {
        return core::Draft{stamp.id, "decided", "k", line(stamp, {}, fact)};
    };
    codec.write_observed = [](const core::Stamp& stamp, const Ringer::Inputs& fact) {
        return core::Draft{stamp.id, "observed", "k", line(stamp, fact, {})};
    };
    return codec;
}

/// The bell rings when the test says so.
class Bell final : public runtime::Effects<Ringer> {
public:
    void begin(const core::FactId& id, const Ringer::Effects&) override { begun.push_back(id); }
    void cancel(const core::FactId& id) override { cancelled.push_back(id); }
    std::vector<Outcome> take_outcomes() override { return std::exchange(outcomes, {}); }
    void on_news(std::function<void()>) override {}

    void rings(const core::FactId& id, int loudness) { outcomes.push_back({id, BellRang{loudness}}); }

    std::vector<core::FactId> begun, cancelled;
    std::vector<Outcome> outcomes;
};

/// The ledger in memory behind a door that may be shut: then it takes no more appends for now.
class DoorLedger final : public runtime::Ledger {
public:
    explicit DoorLedger(memory::Log& log, memory::Ledger::Options options) : behind_{log, std::move(options)} {}

    bool shut = false;
    core::Position end() const override { return behind_.end(); }
    core::Result<std::vector<core::Record>> read(core::Position from, std::size_t max) override {
        return behind_.read(from, max);
    }
    core::Result<void> append(core::Draft draft) override {
        if (shut) return core::Failure::retryable("too many appends are under way", "wait");
        return behind_.append(std::move(draft));
    }
    std::vector<core::FactId> take_failed() override { return behind_.take_failed(); }
    void on_news(std::function<void()> wake) override { behind_.on_news(std::move(wake)); }
    std::optional<core::Failure> trouble() const override { return behind_.trouble(); }

private:
    memory::Ledger behind_;
};

struct Town {
    using Loop = runtime::Loop<Ringer>;

    explicit Town(Loop::Limits limits = {}, core::Position window = core::Echoes::window_default)
        : loop{ledger, bell, town_codec(), core::Folded<Ringer>{"town", window}, limits} {}

    memory::Log log;
    std::deque<memory::Fate> fates;  ///< of the next appends; then all land
    DoorLedger ledger{log, {[this] { return next_fate(); }, {}, {}}};
    Bell bell;
    Loop loop;
    core::Time now = 1000;

    /// Somebody outside asks; returns the id of what was asked.
    core::FactId asks(std::uint64_t number, std::string why = "noon") {
        core::Stamp stamp;
        stamp.id = {0, number}, stamp.seen = log.records().size(), stamp.service = "door";
        log.put(line(stamp, BellAsked{std::move(why)}, {}));
        return stamp.id;
    }
    /// Turns until there is nothing more to do.
    void turn(bool holds_lease = true) {
        for (int left = 20; left > 0; --left) loop.step(now, holds_lease);
    }
    std::size_t count(const core::FactId& id) const {
        std::size_t found = 0;
        for (const auto& record : log.records()) found += head_of(record).id == id;
        return found;
    }
    core::Head head(const core::FactId& id) const {
        for (const auto& record : log.records())
            if (head_of(record).id == id) return head_of(record);
        return {};
    }
    bool owes(const core::FactId& id) const { return loop.folded().state.agenda.has(id); }

private:
    static core::Head head_of(const core::Record& record) {
        return record.value.starts_with("=") ? core::decode<Line>(std::string_view(record.value).substr(1)).head
                                             : core::Head{};
    }
    memory::Fate next_fate() {
        if (fates.empty()) return memory::Fate::lands;
        const auto fate = fates.front();
        fates.pop_front();
        return fate;
    }
};

}  // namespace sluice::tests
