// What Bio-Formats and ImageJ make of TIFFs, one line of key=value words a fact; tests/interop/bioformats_test.py compares it.
import ij.ImagePlus;
import ij.io.Opener;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.zip.CRC32;
import loci.common.services.ServiceFactory;
import loci.formats.ImageReader;
import loci.formats.ome.OMEXMLMetadata;
import loci.formats.services.OMEXMLService;
import ome.units.UNITS;
import ome.units.quantity.Length;

public class ReadBack {
    static final PrintStream out = System.out;

    static String sum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }

    static double nanometres(Length length) {
        return length == null ? 0 : length.value(UNITS.NANOMETER).doubleValue();
    }

    static void bioFormats(String file) throws Exception {
        ImageReader reader = new ImageReader();
        reader.setFlattenedResolutions(false);
        OMEXMLMetadata metadata =
            (OMEXMLMetadata) new ServiceFactory().getInstance(OMEXMLService.class).createOMEXMLMetadata();
        reader.setMetadataStore(metadata);
        reader.setId(file);
        out.printf("file format=%s series=%d levels=%d z=%d c=%d t=%d images=%d%n", reader.getFormat(),
                   reader.getSeriesCount(), reader.getResolutionCount(), reader.getSizeZ(), reader.getEffectiveSizeC(),
                   reader.getSizeT(), reader.getImageCount());
        out.printf("voxel x=%.3f y=%.3f z=%.3f%n", nanometres(metadata.getPixelsPhysicalSizeX(0)),
                   nanometres(metadata.getPixelsPhysicalSizeY(0)), nanometres(metadata.getPixelsPhysicalSizeZ(0)));
        for (int c = 0; c < metadata.getChannelCount(0); c++)
            out.printf("channel name=%s%n", metadata.getChannelName(0, c));
        for (int level = 0; level < reader.getResolutionCount(); level++) {
            reader.setResolution(level);
            for (int image = 0; image < reader.getImageCount(); image++) {
                int[] at = reader.getZCTCoords(image);
                out.printf("plane level=%d z=%d c=%d width=%d height=%d crc=%s%n", level, at[0], at[1],
                           reader.getSizeX(), reader.getSizeY(), sum(reader.openBytes(image)));
            }
        }
        reader.close();
    }

    // File > Open, which hands a BigTIFF to Bio-Formats.
    static void imageJ(String file) {
        ImagePlus image = new Opener().openImage(file);
        if (image == null) {
            out.println("imagej none");
            return;
        }
        out.printf("imagej width=%d height=%d c=%d z=%d t=%d unit=%s x=%.3f z_spacing=%.3f%n", image.getWidth(),
                   image.getHeight(), image.getNChannels(), image.getNSlices(), image.getNFrames(),
                   image.getCalibration().getUnit().replace(' ', '_'), image.getCalibration().pixelWidth,
                   image.getCalibration().pixelDepth);
        for (int i = 1; i <= image.getStackSize(); i++) {
            Object pixels = image.getStack().getPixels(i);
            if (pixels instanceof byte[]) out.printf("slice crc=%s%n", sum((byte[]) pixels));
        }
    }

    public static void main(String[] files) throws Exception {
        loci.common.DebugTools.setRootLevel("WARN");  // on stdout: a warning is a line that is not expected
        for (String file : files) {
            bioFormats(file);
            System.setOut(new PrintStream(OutputStream.nullOutputStream()));
            imageJ(file);
            System.setOut(out);
        }
        System.exit(0);
    }
}
