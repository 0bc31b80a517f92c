package dev.changeling.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The discriminator's loss of telling sequences apart (Meng et al., COCO-LM, arXiv 2102.08473, section 3.2): of each
 * sequence there are two views, the corrupted text and a crop of the original; each is to be nearer, by the cosine of
 * the vectors at [CLS], to the other view of its sequence than to both views of the others.
 *
 * <p>The others are those of the same device batch, so this loss alone depends on how a step's batch is cut up.
 *
 * @param epsilon added to the number of sequences
 */
record ContrastLoss(double epsilon) {

    /**
     * Returns this batch's share of the loss, a scalar: the mean over both views, summed over the sequences and divided
     * by their number in the step's total batch.
     *
     * @param corrupted_QH vectors of the corrupted sequences
     * @param cropped_QH vectors of the same sequences, cropped
     */
    Tensor of(Tensor corrupted_QH, Tensor cropped_QH, Totals totals) {
        long sequences = corrupted_QH.size(0);
        Tensor views_PH =
                torch.cat(new TensorVector(corrupted_QH, cropped_QH), 0).to(torch.ScalarType.Float);
        Tensor unit_PH =
                views_PH.div(views_PH.norm(new org.bytedeco.pytorch.ScalarOptional(new Scalar(2)), new long[] {1}, true)
                        .clamp_min(new Scalar(1e-6)));
        Tensor self_PP = torch.eye(2 * sequences, unit_PH.detach().options()).to(torch.ScalarType.Bool);
        Tensor likeness_PP = unit_PH.mm(unit_PH.t()).masked_fill(self_PP, new Scalar(Double.NEGATIVE_INFINITY));
        Tensor other_P = torch.arange(new Scalar(2 * sequences), masked(unit_PH))
                .add(new Scalar(sequences))
                .remainder(new Scalar(2 * sequences));
        Tensor sum = torch.cross_entropy_loss(
                likeness_PP, other_P, new TensorOptional(), torch.Reduction.Sum.value, -100, 0);
        return sum.div(new Scalar(2 * (totals.sequences() + epsilon)));
    }

    private static org.bytedeco.pytorch.TensorOptions masked(Tensor like) {
        return like.detach().to(torch.ScalarType.Long).options();
    }
}
