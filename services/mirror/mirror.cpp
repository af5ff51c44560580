#include "services/mirror/mirror.hpp"

#include "services/mirror/decode.hpp"

namespace sluice::mirror {
namespace {

constexpr std::uint64_t lag_max_when_ready = 1000;

std::string_view name_of(Notice::Kind kind) {
    switch (kind) {
        case Notice::Kind::foreign: return "foreign record";
        case Notice::Kind::echo_differs: return "echo that differs";
        case Notice::Kind::counted_twice: return "fact counted twice";
        case Notice::Kind::cannot_be_held: return "fact kept as bytes only";
    }
    return "";
}

}  // namespace

struct Mirror::Meters {
    explicit Meters(runtime::Metrics& metrics)
        : position{metrics.gauge("sluice_mirror_position", "the position of the next record to copy")},
          lag{metrics.gauge("sluice_mirror_lag_records", "records on the ledger that are not copied yet")},
          records{metrics.counter("sluice_mirror_records_total", "records copied")},
          facts{metrics.counter("sluice_mirror_facts_total", "facts among the records copied")},
          echoes{metrics.counter("sluice_mirror_echoes_total", "later records with the id of a fact")},
          differing{metrics.counter("sluice_mirror_echoes_differing_total", "echoes that say something else")},
          foreign{metrics.counter("sluice_mirror_foreign_records_total", "records that are no fact of ours")},
          late{metrics.counter("sluice_mirror_late_records_total",
                               "records too far behind what their writer had seen")} {}

    void show(const Copier& copier) {
        position.set(static_cast<double>(copier.next().value_or(0)));
        lag.set(static_cast<double>(copier.lag()));
        const auto now = copier.counts();
        grow(records, now.records, shown.records), grow(facts, now.facts, shown.facts);
        grow(echoes, now.echoes, shown.echoes), grow(differing, now.echoes_that_differ, shown.echoes_that_differ);
        grow(foreign, now.foreign, shown.foreign), grow(late, now.late, shown.late);
        shown = now;
    }
    static void grow(runtime::Counter& counter, std::uint64_t now, std::uint64_t before) {
        if (now > before) counter.add(static_cast<double>(now - before));
    }

    runtime::Gauge &position, &lag;
    runtime::Counter &records, &facts, &echoes, &differing, &foreign, &late;
    Counts shown;
};

Mirror::Mirror(Parts parts)
    : parts_{parts},
      store_{parts.store, parts.executor},
      copier_{parts.ledger, store_, decode},
      meters_{std::make_unique<Meters>(parts.metrics)} {
    copier_.on_news([this] { wake(); });
    parts_.ledger.on_news([this] { wake(); });
    said_ = copier_.trouble()->text();  // that it has only just begun is no news
    wake();
}

Mirror::~Mirror() {
    *alive_ = false;
    parts_.executor.cancel(timer_);
    parts_.ledger.on_news([] {});
}

std::optional<core::Failure> Mirror::not_ready() const {
    if (auto trouble = copier_.trouble()) return trouble;
    if (copier_.lag() <= lag_max_when_ready) return std::nullopt;
    return core::Failure::retryable("the mirror is " + std::to_string(copier_.lag()) + " records behind the ledger",
                                    "it is catching up");
}

void Mirror::wake() {
    if (std::exchange(woken_, true)) return;
    parts_.executor.post([this, alive = alive_] {
        if (*alive) step();
    });
}

void Mirror::step() {
    woken_ = false;
    parts_.executor.cancel(timer_);
    const auto now = parts_.executor.now();
    copier_.step(now);
    if (const auto at = copier_.retry_at())
        timer_ =
            parts_.executor.after(std::chrono::milliseconds{std::max<core::Time>(0, *at - now)}, [this] { wake(); });
    say_what_changed();
}

void Mirror::say_what_changed() {
    meters_->show(copier_);
    for (const auto& notice : copier_.take_notices())
        parts_.log.warning(name_of(notice.kind),
                           {{"position", std::to_string(notice.position)}, {"reason", notice.text}});
    const auto trouble = copier_.trouble();
    const auto now = trouble ? trouble->text() : std::string{};
    if (now == said_) return;
    said_ = now;
    if (!trouble)
        parts_.log.info("copying", {{"next", std::to_string(copier_.next().value_or(0))}});
    else if (trouble->kind == core::Failure::Kind::retryable)
        parts_.log.warning("waiting", {{"reason", now}});
    else
        parts_.log.error("stopped", {{"reason", now}});
}

}  // namespace sluice::mirror
