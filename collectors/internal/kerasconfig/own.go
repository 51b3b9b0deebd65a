package kerasconfig

// own are the classes of Keras, of all its versions, which files of before Keras 3 name
// without a module. Made of the names that keras 3.15 exports and those that it dropped.
var own = set("AUC AWQConfig AWQDTypePolicy AbsMaxQuantizer Accuracy Activation ActivityRegularization Adadelta Adafactor Adagrad Adam AdamW Adamax " +
	"AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D " +
	"Add AddLoss AddMetric AdditiveAttention AlphaDropout AtrousConvolution2D Attention AugMix AutoContrast Average AveragePooling1D " +
	"AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BaseLayer BatchNormalization BatchNormalizationV1 BatchNormalizationV2 " +
	"Bidirectional BinaryAccuracy BinaryCrossentropy BinaryFocalCrossentropy BinaryIoU CTC CategoricalAccuracy CategoricalCrossentropy " +
	"CategoricalFocalCrossentropy CategoricalGeneralizedCrossEntropy CategoricalHinge CategoryEncoding CenterCrop Circle ClassMethod Concatenate " +
	"ConcordanceCorrelation Constant Constraint Container ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D " +
	"Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM2DCell ConvLSTM3D ConvRNN2D Convolution1D Convolution1DTranspose " +
	"Convolution2D Convolution2DTranspose Convolution3D Convolution3DTranspose CosineDecay CosineDecayRestarts CosineSimilarity Cropping1D " +
	"Cropping2D Cropping3D CuDNNGRU CuDNNLSTM CutMix DTypePolicy DTypePolicyMap Deconvolution2D Dense DenseFeatures DepthwiseConv1D " +
	"DepthwiseConv2D Dice Discretization DistributedLossScaleOptimizer Dot Dropout ELU EinsumDense Embedding Equalization ExponentialDecay " +
	"F1Score FBetaScore FalseNegatives FalsePositives Flatten FlaxLayer Float8QuantizationConfig FloatDTypePolicy Ftrl Functional GPTQConfig " +
	"GPTQDTypePolicy GRU GRUCell GRUCellV2 GRUV1 GRUV2 GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D " +
	"GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D " +
	"GlobalMaxPooling2D GlobalMaxPooling3D GlorotNormal GlorotUniform GlorotUniformV2 GroupNormalization GroupQueryAttention HashedCrossing " +
	"Hashing HeNormal HeUniform Highway Hinge Huber Identity IdentityInitializer Initializer InputLayer InputSpec InstanceMethod InstanceProperty " +
	"Int4DTypePolicy Int4QuantizationConfig Int8QuantizationConfig IntegerLookup InverseTimeDecay IoU JaxLayer KLDivergence KerasLayer L1 L1L2 L2 " +
	"LSTM LSTMCell LSTMCellV2 LSTMV1 LSTMV2 Lamb Lambda Layer LayerNormalization LeakyReLU LearningRateSchedule LecunNormal LecunUniform " +
	"LegacyConv2D LinearModel Lion LocallyConnected1D LocallyConnected2D LogCosh LogCoshError Loss LossScaleOptimizer LossScaleOptimizerV1 " +
	"LossesContainer Masking MaxNorm MaxNumBoundingBoxes MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D Maximum MaxoutDense " +
	"Mean MeanAbsoluteError MeanAbsolutePercentageError MeanIoU MeanMetricWrapper MeanSquaredError MeanSquaredLogarithmicError MelSpectrogram " +
	"Merge Metric MetricsContainer MinMaxNorm Minimum MixUp Model MultiHeadAttention MultiOptimizer Multiply Muon Nadam Network NonNeg " +
	"Normalization OneHotIoU OneHotMeanIoU Ones Optimizer OptimizerMap Orthogonal OrthogonalInitializer OrthogonalRegularizer PReLU " +
	"PearsonCorrelation PeepholeLSTMCell Permute PiecewiseConstantDecay Pipeline Poisson Policy PolynomialDecay Precision PrecisionAtRecall " +
	"PruneLowMagnitude QuantizationConfig QuantizeLayer QuantizeWrapper QuantizeWrapperV2 QuantizedDTypePolicy QuantizedFloat8DTypePolicy " +
	"Quantizer R2Score RMSNormalization RMSprop RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast " +
	"RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomFourierFeatures RandomGaussianBlur RandomGrayscale RandomHue RandomInvert " +
	"RandomNormal RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation " +
	"RandomUniform RandomZoom ReLU Recall RecallAtPrecision Regularizer RepeatVector Rescaling Reshape Resizing ReversibleEmbedding " +
	"RootMeanSquaredError SGD STFT STFTInitializer STFTSpectrogram ScheduleFreeAdamW SensitivityAtSpecificity SeparableConv1D SeparableConv2D " +
	"SeparableConvolution1D SeparableConvolution2D SequenceFeatures Sequential SimpleRNN SimpleRNNCell SlicingOpLambda Softmax Solarization " +
	"SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseEmbedding SparseTopKCategoricalAccuracy SpatialDropout1D SpatialDropout2D " +
	"SpatialDropout3D SpecificityAtSensitivity SpectralNormalization SquaredHinge StackedRNNCells StringLookup Subtract Sum " +
	"SyncBatchNormalization TFOpLambda TFSMLayer TensorFlowOpLayer TextVectorization ThresholdedReLU TimeDistributed TimeDistributedDense " +
	"TopKCategoricalAccuracy TorchModuleWrapper TrackableWeightHandler TrueNegatives TruePositives TruncatedNormal Tversky UnitNorm " +
	"UnitNormalization UpSampling1D UpSampling2D UpSampling3D VarianceScaling VarianceScalingV2 WideDeepModel Wrapper ZeroPadding1D ZeroPadding2D " +
	"ZeroPadding3D Zeros constant glorot_normal glorot_uniform he_normal he_uniform identity l1 l1_l2 l2 lecun_normal lecun_uniform max_norm " +
	"min_max_norm non_neg ones orthogonal orthogonal_regularizer random_normal random_uniform stft truncated_normal unit_norm variance_scaling " +
	"zeros")
