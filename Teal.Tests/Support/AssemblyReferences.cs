using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Teal.Tests.Support;

/// <summary>What assemblies need to run, as their metadata says.</summary>
internal sealed class AssemblyReferences
{
    private readonly IReadOnlyDictionary<string, string> _available;
    private readonly Dictionary<string, Dictionary<string, string>> _forwarded = [];
    private readonly HashSet<string> _needed = [];
    private readonly HashSet<string> _followed = [];
    private readonly Queue<string> _referring = [];

    private AssemblyReferences(IReadOnlyDictionary<string, string> available) => _available = available;

    /// <summary>
    /// The names of all assemblies whose types are referred to by the given ones, or by these in turn. Of an assembly that passes a type on,
    /// as netstandard does with every type, only what comes of that type counts.
    /// </summary>
    /// <param name="paths">Where the first ones are.</param>
    /// <param name="available">Where the others are, by their names; what is not there counts, and is not looked into.</param>
    public static IReadOnlySet<string> NeededBy(IEnumerable<string> paths, IReadOnlyDictionary<string, string> available)
    {
        var references = new AssemblyReferences(available);
        foreach (var path in paths) references._referring.Enqueue(path);
        while (references._referring.TryDequeue(out var path)) references.Follow(path);
        return references._needed;
    }

    private void Follow(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata) return;

        var metadata = file.GetMetadataReader();
        foreach (var type in metadata.TypeReferences.Select(metadata.GetTypeReference))
        {
            if (type.ResolutionScope.Kind == HandleKind.AssemblyReference) Need(AssemblyName(metadata, type.ResolutionScope), TypeName(metadata, type.Namespace, type.Name));
        }
    }

    private void Need(string assembly, string type)
    {
        _needed.Add(assembly);
        if (!_available.TryGetValue(assembly, out var path)) return;

        if (!_forwarded.TryGetValue(assembly, out var forwarded)) _forwarded[assembly] = forwarded = ForwardedBy(path);
        if (forwarded.TryGetValue(type, out var owner)) Need(owner, type);
        else if (_followed.Add(assembly)) _referring.Enqueue(path);
    }

    private static Dictionary<string, string> ForwardedBy(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata) return [];

        var metadata = file.GetMetadataReader();
        return metadata.ExportedTypes.Select(metadata.GetExportedType).Where(static type => type.Implementation.Kind == HandleKind.AssemblyReference)
            .ToDictionary(type => TypeName(metadata, type.Namespace, type.Name), type => AssemblyName(metadata, type.Implementation));
    }

    private static string AssemblyName(MetadataReader metadata, EntityHandle handle) =>
        metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)handle).Name);

    private static string TypeName(MetadataReader metadata, StringHandle @namespace, StringHandle name) =>
        $"{metadata.GetString(@namespace)}.{metadata.GetString(name)}";
}
