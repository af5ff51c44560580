#include "services/mirror/copier.hpp"

namespace sluice::mirror {
namespace {

using core::Failure;

Failure other_ledger(core::Position position, const std::string& what) {
    return Failure::fatal("position " + std::to_string(position) + ": " + what,
                          "the ledger was rewound or replaced: find out which copy is right before anything goes on");
}

Counts& operator+=(Counts& sum, const Counts& more) {
    sum.records += more.records, sum.facts += more.facts, sum.echoes += more.echoes;
    sum.echoes_that_differ += more.echoes_that_differ, sum.foreign += more.foreign, sum.late += more.late;
    return sum;
}

}  // namespace

Copier::Copier(runtime::Ledger& ledger, StoreCalls& store, Decode decode, Limits limits)
    : ledger_{ledger},
      store_{store},
      decode_{std::move(decode)},
      limits_{limits},
      wait_ms_{limits.wait_ms_min},
      batch_max_{limits.records_max} {}

void Copier::step(core::Time now) {
    now_ = now;
    switch (state_) {
        case State::waiting: return still_waiting();
        case State::reading: read(); return;
        case State::asking:
        case State::writing:
        case State::stopped: return;
    }
}

// The wait begins with the step after the failure: the call that failed may have taken long.
void Copier::still_waiting() {
    if (!retry_at_) {
        retry_at_ = now_ + wait_ms_;
        wait_ms_ = std::min(limits_.wait_ms_max, wait_ms_ * 2);
    }
    if (now_ >= *retry_at_) ask();
}

std::optional<core::Time> Copier::retry_at() const { return state_ == State::waiting ? retry_at_ : std::nullopt; }

std::uint64_t Copier::lag() const {
    const auto end = ledger_.end(), done = next_.value_or(0);
    return end > done ? end - done : 0;
}

std::optional<Failure> Copier::trouble() const {
    if (why_) return why_;
    if (!next_) return Failure::retryable("the store has not said yet how far the mirror is", "it is being asked");
    return ledger_.trouble();
}

void Copier::ask() {
    state_ = State::asking;
    store_.place([this](core::Result<runtime::MirrorPlace> place) { placed(std::move(place)); });
}

void Copier::placed(core::Result<runtime::MirrorPlace> place) {
    if (!place) return place.failure().kind == Failure::Kind::retryable ? wait(place.failure()) : stop(place.failure());
    const auto held_from = read_to_ ? *read_to_ - at_hand_.size() : 0;
    if (place->next < held_from)
        return stop(Failure::fatal(
            "the mirror's position went back from " + std::to_string(held_from) + " to " + std::to_string(place->next),
            "if the database was restored from a backup, restart the mirror"));
    next_ = place->next;
    last_ = std::move(place->last);
    if (last_ && read_to_ && last_->position < held_from) last_.reset();  // compared before it was let go
    if (!read_to_) read_to_ = last_ ? last_->position : *next_;
    why_.reset();
    state_ = State::reading;
    wake();
}

void Copier::read() {
    if (at_hand_.size() < limits_.records_max) {
        auto records = ledger_.read(*read_to_, limits_.records_max - at_hand_.size());
        if (!records) return stop(records.failure());
        *read_to_ += records->size();
        at_hand_.insert(at_hand_.end(), std::make_move_iterator(records->begin()),
                        std::make_move_iterator(records->end()));
    }
    if (!is_same_ledger() || at_hand_.empty()) return;
    write();
}

/// Lets go of what the store has, after comparing the last of it with what the ledger says there.
bool Copier::is_same_ledger() {
    if (!end_was_checked_ && !ledger_.trouble()) {
        end_was_checked_ = true;
        if (ledger_.end() < *next_) stop(other_ledger(ledger_.end(), "the ledger ends here, before what was mirrored"));
    }
    while (state_ == State::reading && !at_hand_.empty() && at_hand_.front().position < *next_) {
        const auto& record = at_hand_.front();
        if (last_ && record.position == last_->position && record.value != last_->value)
            stop(other_ledger(record.position, "the ledger's record is not the one that was mirrored"));
        at_hand_.pop_front();
    }
    return state_ == State::reading;
}

void Copier::write() {
    flight_ = {std::make_shared<runtime::MirrorBatch>(), {}, {}};
    flight_.batch->from = *next_;
    std::size_t bytes = 0;
    for (const auto& record : at_hand_) {
        bytes += record.value.size();
        const auto count = flight_.batch->records.size();
        if (count == batch_max_ || (count > 0 && bytes > limits_.bytes_max)) break;
        add(record);
        if (state_ == State::stopped) return;
    }
    state_ = State::writing;
    store_.append(flight_.batch, [this](core::Result<std::vector<runtime::Echo>> echoes) { appended(echoes); });
}

void Copier::add(const core::Record& record) {
    auto fact = decode_(record);
    if (!fact && fact.failure().kind == Failure::Kind::fatal) return stop(fact.failure());
    ++flight_.counts.records;
    flight_.batch->records.push_back(record);
    if (!fact) {
        ++flight_.counts.foreign;
        flight_.notices.push_back({Notice::Kind::foreign, record.position, fact.failure().text()});
    } else if (record.position > fact->head.seen && record.position - fact->head.seen > limits_.window) {
        ++flight_.counts.late;
    } else if (without_fact_ == record.position) {
        flight_.notices.push_back({Notice::Kind::cannot_be_held, record.position, why_ ? why_->text() : ""});
    } else {
        ++flight_.counts.facts;
        flight_.batch->facts.push_back(*std::move(fact));
    }
}

void Copier::appended(const core::Result<std::vector<runtime::Echo>>& echoes) {
    if (echoes) return committed(*echoes);
    switch (echoes.failure().kind) {
        case Failure::Kind::retryable: return wait(echoes.failure());
        case Failure::Kind::fatal: return stop(echoes.failure());
        case Failure::Kind::poison: break;
    }
    if (flight_.batch->facts.empty()) return stop(echoes.failure());
    why_ = echoes.failure();
    smaller_batch();
    state_ = State::reading;
    wake();
}

/// Narrows down to the record that the store cannot hold; that one is then kept without its fact.
void Copier::smaller_batch() {
    const auto size = flight_.batch->records.size();
    if (size == 1) without_fact_ = flight_.batch->from;
    batch_max_ = std::max<std::size_t>(1, size / 2);
}

void Copier::committed(const std::vector<runtime::Echo>& echoes) {
    flight_.counts.facts -= echoes.size();
    flight_.counts.echoes += echoes.size();
    for (const auto& echo : echoes) note(echo);
    counts_ += flight_.counts;
    std::move(flight_.notices.begin(), flight_.notices.end(), std::back_inserter(notices_));
    at_hand_.erase(at_hand_.begin(), at_hand_.begin() + static_cast<std::ptrdiff_t>(flight_.batch->records.size()));
    next_ = flight_.batch->next();
    batch_max_ = std::min(limits_.records_max, batch_max_ * 2);
    wait_ms_ = limits_.wait_ms_min;
    why_.reset();
    state_ = State::reading;
    wake();
}

void Copier::note(const runtime::Echo& echo) {
    const auto what = core::to_text(echo.id) + " is an echo of the fact at position " + std::to_string(echo.first);
    if (echo.differs) {
        ++flight_.counts.echoes_that_differ;
        flight_.notices.push_back({Notice::Kind::echo_differs, echo.position, what + ", and says something else"});
    }
    if (echo.position - echo.first > limits_.window)
        flight_.notices.push_back({Notice::Kind::counted_twice, echo.position,
                                   what + ", so far behind it that services counted it again; stop its writer"});
}

void Copier::wait(Failure why) {
    why_ = std::move(why);
    state_ = State::waiting;
    retry_at_.reset();
    wake();
}

void Copier::stop(Failure why) {
    why_ = std::move(why);
    state_ = State::stopped;
}

void Copier::wake() {
    if (wake_) wake_();
}

}  // namespace sluice::mirror
