#include "common/kafka/ledger.hpp"

#include "common/kafka/reader.hpp"
#include "common/kafka/writer.hpp"

namespace sluice::kafka {

Ledger::Ledger(runtime::Executor& executor, LedgerOptions options)
    : executor_{executor},
      recheck_every_{options.recheck_every},
      bell_{std::make_unique<Bell>(executor, [this] { take_in(); })},
      reader_{std::make_unique<Reader>(options, *bell_)},
      writer_{std::make_unique<Writer>(options, *bell_)} {
    recheck_later();
}

Ledger::~Ledger() { executor_.cancel(recheck_timer_); }

void Ledger::take_in() {
    const auto before = reader_->trouble();
    reader_->take_in();
    writer_->take_in();
    const bool news = reader_->has_records() || writer_->has_failed() || reader_->trouble() != before;
    if (news && wake_) wake_();
}

void Ledger::recheck_later() {
    recheck_timer_ = executor_.after(recheck_every_, [this] {
        reader_->recheck();
        recheck_later();
    });
}

core::Position Ledger::end() const { return reader_->end(); }

core::Result<std::vector<core::Record>> Ledger::read(core::Position from, std::size_t records_max) {
    auto records = reader_->read(from, records_max);
    if (records && records->size() == records_max) bell_->ring();
    return records;
}

core::Result<void> Ledger::append(core::Draft draft) {
    if (reader_->broken()) return *reader_->trouble();
    return writer_->append(std::move(draft));
}

std::vector<core::FactId> Ledger::take_failed() { return writer_->take_failed(); }

std::optional<core::Failure> Ledger::trouble() const { return reader_->trouble(); }

}  // namespace sluice::kafka
