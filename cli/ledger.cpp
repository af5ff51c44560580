#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "common/http/asio_executor.hpp"
#include "events/codec.hpp"

#include <algorithm>
#include <ostream>

namespace sluice::cli {
namespace {

constexpr std::size_t batch_max = 1000;
constexpr std::uint64_t count_default = 20;

// As a line: outside of its strings, JSON takes a blank for a line break, and inside it has none.
std::string on_one_line(std::string value) {
    std::ranges::replace_if(
        value, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return value;
}

Table::Row row_of(const core::Record& record) {
    const auto fact = events::parse(record.value);
    const auto position = std::to_string(record.position);
    if (!fact) return {position, utc(core::rfc3339(record.appended_at)), "(no fact of ours)", "-", "-", "-"};
    const auto& head = fact->head;
    return {position,      utc(core::rfc3339(head.time)),         fact->name.empty() ? fact->type : fact->name,
            fact->subject, head.actor.empty() ? "-" : head.actor, head.service};
}

/// One connection to the ledger, read until something is there.
class Reading {
public:
    Reading(Session& session, runtime::Executor& executor)
        : session_{session},
          executor_{executor},
          ledger_{session.around().open_ledger(executor, session.settings().get("SLUICE_KAFKA_BROKERS"))} {
        ledger_->on_news([this] { executor_.stop(); });
    }

    /// Waits until it is known how long the ledger is.
    core::Position end(core::Position from) {
        bool late = false;
        const auto timer = executor_.after(session_.timeout(), [&] { late = true, executor_.stop(); });
        next_ = from;
        while (true) {
            take(0);
            const auto trouble = ledger_->trouble();
            if (!trouble) break;
            if (late) throw Ended{Exit::late, trouble->text()};
            executor_.run();
        }
        executor_.cancel(timer);
        return ledger_->end();
    }

    /// At most `count` records; waits while there are none.
    std::vector<core::Record> next(std::size_t count) {
        while (true) {
            auto records = take(count);
            if (!records.empty()) return records;
            executor_.run();
        }
    }

private:
    std::vector<core::Record> take(std::size_t count) {
        auto records = ledger_->read(next_, count);
        if (!records) throw Ended{Exit::failure, records.failure().text()};
        next_ += records->size();
        return *std::move(records);
    }

    Session& session_;
    runtime::Executor& executor_;
    std::unique_ptr<runtime::Ledger> ledger_;
    core::Position next_ = 0;
};

struct Tail {
    std::optional<core::Position> from;
    std::optional<std::uint64_t> count;
    bool follow = false;

    void declare(Command& command) {
        command.option(from, "--from", "N", "the first position; default: so that the last ones are shown");
        command.option(count, "-n", "COUNT", "how many facts: default 20, or all that there are after --from");
        command.flag(follow, "-f,--follow", "goes on with what is appended, until it is interrupted");
        command.note(
            "Reads Kafka itself, at SLUICE_KAFKA_BROKERS. With -o json each line is a record as it lies there.");
    }

    Exit run(Session& session) const {
        const auto executor = http::make_executor();
        const auto end = Reading{session, *executor}.end(0);
        const auto begin = from.value_or(end - std::min(end, count.value_or(count_default)));
        if (begin > end)
            throw Ended{Exit::not_found, "the ledger has " + counted(end, "record") + ", so there is no position " +
                                             std::to_string(begin) + "; leave --from out for the last ones"};
        const auto last = count && from ? begin + std::min(*count, end - begin) : end;
        Reading reading{session, *executor};
        reading.end(begin);
        print(session, reading, begin, last);
        return Exit::ok;
    }

    void print(Session& session, Reading& reading, core::Position at, core::Position last) const {
        bool first = true;
        while (follow || at < last) {
            const auto records = reading.next(follow ? batch_max : std::min<std::size_t>(batch_max, last - at));
            at += records.size();
            session.wants_json() ? print_json(session, records) : print_table(session, records, first);
            session.out().flush();
            first = false;
        }
    }

    static void print_json(Session& session, const std::vector<core::Record>& records) {
        for (const auto& record : records) session.out() << on_one_line(record.value) << '\n';
    }
    static void print_table(Session& session, const std::vector<core::Record>& records, bool first) {
        Table table{{"POSITION", "TIME (UTC)", "FACT", "SUBJECT", "ACTOR", "SERVICE"}, {8, 19, 24, 26, 12, 9}};
        for (const auto& record : records) table.add(row_of(record));
        first ? table.print(session.out()) : table.print_rows(session.out());
    }
};

}  // namespace

void add_ledger(Commands& commands) { commands.add<Tail>("ledger tail", "the facts on the ledger, newest last"); }

}  // namespace sluice::cli
