#include "common/memory/ledger.hpp"

#include <algorithm>
#include <stdexcept>

namespace sluice::memory {

void Log::put(std::string value) {
    records_.push_back({records_.size(), now_, std::move(value)});
    wake_all();
}

void Log::thaw(std::size_t which) {
    auto draft = std::move(delayed_.at(which));
    delayed_.erase(delayed_.begin() + static_cast<std::ptrdiff_t>(which));
    put(std::move(draft.value));
}

void Log::rewind(core::Position end) {
    records_.resize(std::min<std::size_t>(end, records_.size()));
    ++rewinds_;
    wake_all();
}

void Log::set_reachable(bool reachable) {
    reachable_ = reachable;
    wake_all();
}

void Log::wake_all() {
    if (wakes_.empty()) return;
    // A wake-up may open or close connections.
    const auto wakes = wakes_;
    for (const auto& [id, wake] : wakes)
        if (wakes_.contains(id)) wake();
}

Ledger::Ledger(Log& log, Options options)
    : log_{log}, options_{std::move(options)}, rewinds_seen_{log.rewinds_}, wake_id_{log.next_wake_id_++} {}

Ledger::~Ledger() { log_.wakes_.erase(wake_id_); }

core::Position Ledger::end() const { return end_ = std::max<core::Position>(end_, log_.records_.size()); }

core::Result<std::vector<core::Record>> Ledger::read(core::Position from, std::size_t records_max) {
    if (broken_) return *broken_;
    if (!log_.reachable_) return std::vector<core::Record>{};
    if (next_ && *next_ != from) throw std::logic_error("the ledger is read on from where the last read ended");
    if (broken_ = rewound(from); broken_) return *broken_;
    const auto count = std::min<std::size_t>(records_max, log_.records_.size() - from);
    const auto first = log_.records_.begin() + static_cast<std::ptrdiff_t>(from);
    std::vector<core::Record> records{first, first + static_cast<std::ptrdiff_t>(count)};
    next_ = from + count;
    end_ = end();
    rewinds_seen_ = log_.rewinds_;
    if (*next_ > 0) last_value_ = log_.records_[*next_ - 1].value;
    if (*next_ < log_.records_.size()) wake();
    return records;
}

std::optional<core::Failure> Ledger::rewound(core::Position from) const {
    const auto failure = [](const std::string& what) {
        return core::Failure::fatal("the ledger was rewound: " + what,
                                    "stop all services and compare the ledger with its mirror");
    };
    if (next_ && rewinds_seen_ == log_.rewinds_) return std::nullopt;
    if (from > log_.records_.size())
        return failure("it ends at " + std::to_string(log_.records_.size()) + ", before position " +
                       std::to_string(from));
    if (from == 0) return std::nullopt;
    const auto& before = log_.records_[from - 1].value;
    const auto& seen = options_.last_seen;
    const bool same =
        next_ ? before == last_value_ : !seen || seen->position != from - 1 || seen->sha256 == core::sha256(before);
    if (same) return std::nullopt;
    return failure("the record at position " + std::to_string(from - 1) + " is not the one that was folded");
}

core::Result<void> Ledger::append(core::Draft draft) {
    if (broken_) return *broken_;
    if (draft.value.size() > core::value_size_max) return runtime::value_too_large(draft);
    if (!log_.reachable_) return fail(draft.id), core::Result<void>{};
    switch (options_.fate ? options_.fate() : Fate::lands) {
        case Fate::lands: log_.put(std::move(draft.value)); break;
        case Fate::lands_twice:
            log_.put(draft.value);
            log_.put(std::move(draft.value));
            break;
        case Fate::lands_but_reported_failed:
            fail(draft.id);
            log_.put(std::move(draft.value));
            break;
        case Fate::lands_later: log_.delayed_.push_back(std::move(draft)); break;
        case Fate::fails: fail(draft.id); break;
    }
    return {};
}

void Ledger::fail(const core::FactId& id) {
    failed_.push_back(id);
    wake();
}

void Ledger::wake() {
    const auto at = log_.wakes_.find(wake_id_);
    if (at != log_.wakes_.end()) at->second();
}

void Ledger::on_news(std::function<void()> wake) {
    wake_ = std::make_shared<std::function<void()>>(std::move(wake));
    if (!options_.post) {
        log_.wakes_[wake_id_] = [wake = wake_] { (*wake)(); };
        return;
    }
    // What was posted may run after this connection is gone.
    log_.wakes_[wake_id_] = [post = options_.post, wake = std::weak_ptr(wake_)] {
        post([wake] {
            if (const auto alive = wake.lock()) (*alive)();
        });
    };
}

std::optional<core::Failure> Ledger::trouble() const {
    if (broken_) return broken_;
    if (log_.reachable_ && next_) return std::nullopt;
    return core::Failure::retryable(log_.reachable_ ? "the ledger was not read yet" : "the ledger cannot be reached",
                                    "wait: the connection mends itself");
}

}  // namespace sluice::memory
