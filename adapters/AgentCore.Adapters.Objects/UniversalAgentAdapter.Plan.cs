using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Shapes;
using AgentCore.Tools;

namespace AgentCore.Adapters.Objects;

// What is known before anything runs.
public sealed partial class UniversalAgentAdapter
{
    private sealed record Plan(
        Type Type, ObjectBinding Binding, UniversalAgentOptions Options, AgentShape Shape, MethodChoice Choice, CallEnvironment Environment, bool Given)
    {
        public AgentMetadata Metadata => Options.Metadata ?? new AgentMetadata(Binding.Name)
        {
            Description = Binding.Description ?? "",
            Capabilities = CapabilitySet.None,
        };

        public static Plan Make(Type type, ObjectBinding? binding, UniversalAgentOptions? options, bool given)
        {
            if (type.IsGenericTypeDefinition)
                type = Close(type, binding);
            var shape = ShapeReader.Read(type);
            var choice = binding?.Call is not null
                ? new MethodChoice(AgentClass.C, "the binding writes the call itself") { Lifecycle = LifecycleShape.Read(shape) }
                : MethodChooser.Choose(shape, binding?.Method);
            var environment = new CallEnvironment(options?.Services, options?.Client, Implementers.Within(type.Assembly))
            {
                Home = type.Namespace,
                StandIns = options?.StandIns,
                Time = options?.Agent?.Time ?? TimeProvider.System,
            };
            var planned = new BindingPlanner(environment.Implementers).Plan(shape, choice, withConstruction: !given && options?.Factory is null);
            var merged = binding is null ? planned : Merge(binding, planned);
            return new Plan(type, merged, options ?? new UniversalAgentOptions(), shape, choice, environment with { Secrets = Secrets.Of(merged) }, given);
        }

        private static Type Close(Type type, ObjectBinding? binding)
        {
            var names = binding is { TypeArguments.Count: > 0 } ? binding.TypeArguments : GenericClosing.Plan(type.GetGenericArguments(), Implementers.Within(type.Assembly));
            if (names.Any(GenericClosing.IsMissing))
            {
                throw new ArgumentException(
                    $"{type.FullName} is generic and its constraints need types of your choice. Name them in the binding's typeArguments.", nameof(binding));
            }

            return type.MakeGenericType([.. names.Select(n => TypeNames.Find(n, type.Assembly))]);
        }

        /// <summary>What the binding says goes first; convention fills the rest.</summary>
        private static ObjectBinding Merge(ObjectBinding given, ObjectBinding planned) => given with
        {
            Name = given.Name.Length > 0 ? given.Name : planned.Name,
            Type = planned.Type,
            Class = given.Class is AgentClass.A && planned.Class != AgentClass.A ? planned.Class : given.Class,
            Why = given.Why ?? planned.Why,
            Method = planned.Method,
            MethodTypeArguments = given.MethodTypeArguments.Count > 0 ? given.MethodTypeArguments : planned.MethodTypeArguments,
            Arguments = given.Call is null ? Merge(given.Arguments, planned.Arguments) : [],
            // What a binding fills is of the way to make the object that it means: its factory, or else a constructor.
            Construct = given.Instance == planned.Instance || given is { Instance: null, Construct.Count: 0 } ? Merge(given.Construct, planned.Construct) : given.Construct,
            Instance = given.Instance ?? (given.Construct.Count == 0 ? planned.Instance : null),
            Result = given.Result == "auto" ? planned.Result : given.Result,
            Lifecycle = given.Lifecycle.IsEmpty ? planned.Lifecycle : given.Lifecycle,
            Abilities = given.Abilities.Count > 0 ? given.Abilities : planned.Abilities,
            Repeatable = given.Repeatable || planned.Repeatable,
        };

        private static IReadOnlyList<ArgumentBinding> Merge(IReadOnlyList<ArgumentBinding> given, IReadOnlyList<ArgumentBinding> planned) =>
        [
            .. planned.Select(p => given.FirstOrDefault(g => g.Name == p.Name) is { } own ? own with { Type = own.Type ?? p.Type, Note = Stands(own, p) ? null : own.Note } : p),
            .. given.Where(g => !planned.Any(p => p.Name == g.Name)),
        ];

        /// <summary>A person has it made otherwise than convention would: the note behind it is still that of the gap.</summary>
        private static bool Stands(ArgumentBinding given, ArgumentBinding planned) => given.From != planned.From && given.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal);
    }
}
