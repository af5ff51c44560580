#pragma once
#include "common/core/codec.hpp"
#include "events/catalogue.hpp"

#include <memory>

// Facts as bytes: CloudEvents 1.0, structured JSON, one fact per record. The JSON itself is made and read in
// events/json.
namespace sluice::events {

/// What lies at the front of every value that our codec wrote, found without parsing the rest.
struct Peek {
    std::string_view type;
    core::FactId id;
    core::Position seen = 0;
};
/// Nothing where the value does not begin as our codec begins: parse it in full then.
std::optional<Peek> peek(std::string_view value);

/// A CloudEvent from the ledger, parsed once. Cheap to copy.
class Parsed {
public:
    core::Head head;  ///< position is the caller's to set
    std::string cell;
    std::string type;  ///< io.sluice.<Name>.v<N>
    std::string name;  ///< <Name>; empty where the type is not of this form
    int schema_version = 0;
    std::string subject;
    bool has_basis = false;

    /// The fact itself, as compact JSON with its members in the writer's order.
    std::string data_text() const;

    struct Tree;
    std::shared_ptr<const Tree> tree;
};
/// A failure says why this is no fact of ours: not JSON, not a CloudEvent, no id that we could have made.
core::Result<Parsed> parse(std::string_view value);

/// A value read from JSON, with everything that was wrong by JSON pointer; `value` only where nothing was.
template <class T> struct Decoded {
    std::optional<T> value;
    std::vector<Problem> problems;
};
/// Strict: a missing, unknown, mistyped or malformed member is a problem. `at` is put before each pointer.
/// Instantiated for every fact, for what doors take (Policy), and for telemetry.
template <class T> Decoded<T> from_json(std::string_view text, std::string_view at = {});
template <class T> Decoded<T> data_as(const Parsed& parsed);
/// Compact JSON, members in the order of the field list.
template <class T> std::string to_json(const T& value);

/// The value of a record: envelope and data. `data` is compact JSON.
std::string write_value(const core::Stamp& stamp, std::string_view type, std::string_view name, int schema_version,
                        std::string_view subject, std::string_view data);
/// The model of a subject `models/<name>…`, else the subject itself.
std::string partition_key(std::string_view subject);

template <class Fact> core::Draft write(const core::Stamp& stamp, const Fact& fact) {
    const auto subject = fact.subject();
    const auto type = type_of<Fact>();
    return {stamp.id, type, partition_key(subject),
            write_value(stamp, type, Fact::name, Fact::schema_version, subject, to_json(fact))};
}

/// Does this variant name a fact of this name? Then its schema version, else 0.
template <class Facts> int known_version(std::string_view name) {
    int version = 0;
    for_each_fact<Facts>([&]<class Fact>(std::type_identity<Fact>) {
        if constexpr (requires { Fact::schema_version; })
            if (Fact::name == name) version = Fact::schema_version;
    });
    return version;
}

/// The name in `io.sluice.<Name>.v<N>`, and N; an empty name where the type is not of this form.
std::pair<std::string_view, int> name_and_version(std::string_view type);

/// Does the catalogue have a fact of this name, whatever its schema version?
bool known_to_all(std::string_view type);

core::Failure newer_schema(core::Position position, std::string_view type);
core::Failure undecodable(core::Position position, std::string_view type, const std::vector<Problem>& problems);

/// The fact as one of `Facts`; nothing where its type is not among them.
template <class Facts> core::Result<std::optional<Facts>> read_as(const Parsed& parsed) {
    core::Result<std::optional<Facts>> result{std::optional<Facts>{}};
    for_each_fact<Facts>([&]<class Fact>(std::type_identity<Fact>) {
        if constexpr (requires { Fact::schema_version; }) {
            if (Fact::name != parsed.name) return;
            if (parsed.schema_version != Fact::schema_version) {
                result = newer_schema(parsed.head.position, parsed.type);
                return;
            }
            auto decoded = data_as<Fact>(parsed);
            if (decoded.value)
                result = std::optional<Facts>{*std::move(decoded.value)};
            else
                result = undecodable(parsed.head.position, parsed.type, decoded.problems);
        }
    });
    return result;
}

/// Reads type and id at the front, and parses only what the decider names. A type that no catalogue knows is foreign to
/// all, whoever reads it: its id takes nobody's place.
template <class Decider> core::Result<std::optional<core::Incoming<Decider>>> read(const core::Record& record) {
    using In = core::Incoming<Decider>;
    const auto front = peek(record.value);
    if (front && !known_to_all(front->type)) return std::optional<In>{};
    if (front) {
        const auto name = name_and_version(front->type).first;
        if (known_version<typename Decider::Inputs>(name) == 0 && known_version<typename Decider::Outputs>(name) == 0) {
            In in{};
            in.head.id = front->id, in.head.position = record.position, in.head.seen = front->seen;
            return std::optional<In>{std::move(in)};
        }
    }
    auto parsed = parse(record.value);
    if (!parsed || !known_to_all(parsed->type)) return std::optional<In>{};
    parsed->head.position = record.position;
    auto input = read_as<typename Decider::Inputs>(*parsed);
    if (!input) return input.failure();
    auto own = read_as<typename Decider::Outputs>(*parsed);
    if (!own) return own.failure();
    return std::optional<In>{In{parsed->head, *std::move(input), *std::move(own)}};
}

template <class Facts> core::Draft write_any(const core::Stamp& stamp, const Facts& facts) {
    return std::visit(
        [&]<class Fact>(const Fact& fact) -> core::Draft {
            if constexpr (requires { Fact::schema_version; })
                return write(stamp, fact);
            else
                return {};
        },
        facts);
}

template <class Decider> core::Codec<Decider> codec() {
    return {read<Decider>, write_any<typename Decider::Outputs>, write_any<typename Decider::Inputs>};
}

}  // namespace sluice::events
