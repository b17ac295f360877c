using System.Reflection;
using System.Reflection.Emit;

namespace Teal.Tests.Support;

/// <summary>
/// Which folders of a project know which others, by the types that its compiled code refers to: in signatures, attributes and bodies. A
/// constant leaves no trace there. What stands beside the folders, options and composition, is passed over.
/// </summary>
internal static class FolderArrows
{
    private const BindingFlags Own =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (int)(ushort)code.Value, static code => code.OperandType);

    /// <summary>The arrows that lie on a circle, such as <c>Events -> Journal</c>.</summary>
    public static IEnumerable<string> OnCircles(Assembly project, string root)
    {
        var arrows = project.GetTypes()
            .SelectMany(type => TypesIn(type).SelectMany(Parts).Select(known => (From: type, To: known)))
            .Where(arrow => arrow.To.Assembly == project && IsIn(arrow.From, root) && IsIn(arrow.To, root))
            .Select(arrow => (From: FolderOf(arrow.From, root), To: FolderOf(arrow.To, root)))
            .Where(static arrow => arrow.From != arrow.To).Distinct().ToLookup(static arrow => arrow.From, static arrow => arrow.To);
        return arrows.SelectMany(from => from.Where(to => Reaches(arrows, to, from.Key)).Select(to => $"{from.Key} -> {to}"));
    }

    private static bool Reaches(ILookup<string, string> arrows, string from, string to)
    {
        var (seen, open) = (new HashSet<string> { from }, new Queue<string>([from]));
        while (open.TryDequeue(out var folder))
        {
            foreach (var next in arrows[folder].Where(seen.Add)) open.Enqueue(next);
        }

        return seen.Contains(to);
    }

    private static bool IsIn(Type type, string root) => type.Namespace?.StartsWith($"{root}.", StringComparison.Ordinal) == true;

    private static string FolderOf(Type type, string root) => type.Namespace![(root.Length + 1)..];

    private static IEnumerable<Type> TypesIn(Type type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes, .. type.GetInterfaces(), .. AttributesOf(type),
        .. type.GetGenericArguments().SelectMany(static argument => argument.GetGenericParameterConstraints()),
        .. type.GetMembers(Own).Where(static member => member is not Type)
            .SelectMany(static member => TypesOf(member).Concat(AttributesOf(member))),
        .. type.GetMembers(Own).OfType<MethodBase>().SelectMany(TypesInBody),
    ];

    private static IEnumerable<Type> AttributesOf(MemberInfo member) =>
        member.GetCustomAttributesData().Select(static attribute => attribute.AttributeType);

    // What a member that is declared, or used, has in its signature.
    private static Type[] TypesOf(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodInfo method => [method.DeclaringType!, method.ReturnType, .. ParametersOf(method), .. ArgumentsOf(method)],
        ConstructorInfo constructor => [constructor.DeclaringType!, .. ParametersOf(constructor)],
        _ => [],
    };

    private static IEnumerable<Type> ParametersOf(MethodBase method) =>
        method.GetParameters().Select(static parameter => parameter.ParameterType);

    private static Type[] ArgumentsOf(MethodBase method) => method.IsGenericMethod ? method.GetGenericArguments() : [];

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
    }

    private static IEnumerable<Type> TypesInBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body) return [];

        var types = body.LocalVariables.Select(static local => local.LocalType).ToList();
        types.AddRange(body.ExceptionHandlingClauses
            .Where(static clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(static clause => clause.CatchType!));
        var code = body.GetILAsByteArray()!;
        for (var i = 0; i < code.Length;)
        {
            var operand = Operands[code[i] == 0xfe ? (code[i++] << 8) | code[i++] : code[i++]];
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var token = BitConverter.ToInt32(code, i);
                var ofType = method.DeclaringType!.GetGenericArguments();
                types.AddRange(TypesOf(method.Module.ResolveMember(token, ofType, ArgumentsOf(method))!));
            }

            i += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }

        return types;
    }
}
