#include "tests/contract/bench.hpp"

#include "common/kafka/topics.hpp"

#include <unistd.h>

#include <cstdlib>

namespace sluice::tests {
namespace {

std::uint16_t port_of(const std::string& brokers) {
    const auto first = brokers.substr(0, brokers.find(','));
    return static_cast<std::uint16_t>(std::stoi(first.substr(first.rfind(':') + 1)));
}

void must(const core::Result<void>& done) {
    if (!done) throw std::runtime_error(done.failure().text());
}

}  // namespace

bool run_until(runtime::Executor& executor, const std::function<bool()>& condition, std::chrono::milliseconds at_most) {
    const auto give_up = std::chrono::steady_clock::now() + at_most;
    bool held = false;
    std::function<void()> look = [&] {
        held = condition();
        if (held || std::chrono::steady_clock::now() > give_up) return executor.stop();
        executor.after(std::chrono::milliseconds{1}, look);
    };
    executor.post(look);
    executor.run();
    return held;
}

std::string kafka_brokers() {
    const auto* brokers = std::getenv("SLUICE_TEST_KAFKA_BROKERS");
    return brokers ? brokers : "";
}

KafkaForTests kafka_for_tests() {
    if (!kafka_brokers().empty()) return KafkaForTests::there;
    const auto* without = std::getenv("SLUICE_TEST_WITHOUT_KAFKA");
    return without && without == std::string{"1"} ? KafkaForTests::not_wanted : KafkaForTests::missing;
}

std::string topic_name() {
    static int count = 0;
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return "test." + std::to_string(getpid()) + "." + std::to_string(now) + "." + std::to_string(++count);
}

std::unique_ptr<runtime::Ledger> MemoryBench::open(std::optional<runtime::LastSeen> last_seen) {
    const auto post = [this](std::function<void()> work) { executor_.post(std::move(work)); };
    return std::make_unique<memory::Ledger>(log_, memory::Ledger::Options{{}, post, last_seen});
}

std::unique_ptr<runtime::Ledger> MemoryBench::open_where_appends_fail() {
    return std::make_unique<memory::Ledger>(log_, memory::Ledger::Options{[] { return memory::Fate::fails; }});
}

std::unique_ptr<runtime::Ledger> MemoryBench::open_out_of_reach() {
    log_.set_reachable(false);
    return open();
}

KafkaBench::KafkaBench(runtime::Executor& executor) : executor_{executor}, gate_{port_of(kafka_brokers())} {
    make_topic(topic_);
}

KafkaBench::~KafkaBench() {
    for (const auto& each : {topic_, tight_topic_}) EXPECT_TRUE(kafka::delete_topic(kafka_brokers(), each));
}

void KafkaBench::make_topic(const std::string& name, const std::string& message_bytes_max) {
    auto wanted = kafka::topic_like("sluice.ledger", name);
    for (auto& [setting, value] : wanted.settings)
        if (setting == "max.message.bytes") value = message_bytes_max;
    must(kafka::create_topics(kafka_brokers(), 1, {wanted}));
}

kafka::LedgerOptions KafkaBench::options() const {
    kafka::LedgerOptions options;
    options.brokers = kafka_brokers();
    options.topic = topic_;
    options.recheck_every = std::chrono::milliseconds{200};
    return options;
}

std::unique_ptr<runtime::Ledger> KafkaBench::open(std::optional<runtime::LastSeen> last_seen) {
    auto with = options();
    with.last_seen = last_seen;
    return std::make_unique<kafka::Ledger>(executor_, with);
}

std::unique_ptr<runtime::Ledger> KafkaBench::open_where_appends_fail() {
    make_topic(tight_topic_, "10");
    auto with = options();
    with.topic = tight_topic_;
    return std::make_unique<kafka::Ledger>(executor_, with);
}

std::unique_ptr<runtime::Ledger> KafkaBench::open_out_of_reach() {
    auto with = options();
    with.brokers = "127.0.0.1:" + std::to_string(gate_.port());
    return std::make_unique<kafka::Ledger>(executor_, with);
}

void KafkaBench::start_ledger_over() {
    must(kafka::delete_topic(kafka_brokers(), topic_));
    make_topic(topic_);
}

}  // namespace sluice::tests
